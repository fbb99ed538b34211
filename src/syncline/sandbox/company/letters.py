"""What Northwind's e-mails say."""

#: Subject and body, as customers write.
INBOUND = (
    (
        "Question about {product}",
        "Hello {first},\n\nwhich accuracy does the {product} have at 40 °C? We would "
        "need it by Friday.\n\nKind regards\n{name}\n{title}, {customer}",
    ),
    (
        "Certificate for {product}",
        "Dear {first},\n\nthe certificate of our {product} ends next month. Can you "
        "collect it?\n\n{name}",
    ),
    (
        "Order 45-{number}",
        "Please find our order 45-{number} for two {product}.\n\nDelivery address: "
        "{street}, {city}\n\n{name}",
    ),
    (
        "Besök i {city}",
        "Hej {first}!\n\nPassar det att ni kommer på torsdag?\n\nHälsningar\n{name}",
    ),
    (
        "Invoice {number}",
        "Hello,\n\nthe price in invoice {number} is not the agreed one (see offer). "
        "Please correct it.\n\n{name}, {customer}",
    ),
)

GERMAN = (
    "Rückfrage zur Prüfung: Maße, Gewährleistung und Lieferung",
    "Guten Tag {first},\n\nvielen Dank für das ausführliche Gespräch über das Gerät "
    "{product}. Könnten Sie uns bitte bestätigen, dass die Überprüfung der "
    "Längenmaße größer als 2 m möglich ist?\n\nSchöne Grüße aus {city}\n{name}",
)

#: As colleagues write to customers.
OUTBOUND = (
    (
        "Offer NI-{number}: {product}",
        "Dear {name},\n\nthank you for your interest in the {product}. Our offer "
        "NI-{number} is valid for 30 days.\n\nBest regards\n{sender}",
    ),
    (
        "Visit on Thursday",
        "Hello {name},\n\nI will be in {city} on Thursday. May I come by at ten?\n\n"
        "{sender}",
    ),
    (
        "Delivery of {product}",
        "Dear {name},\n\nyour {product} leaves our house tomorrow.\n\n{sender}",
    ),
)

INTERNAL = (
    ("Price list 2027", "Hi,\n\nplease check your lines before Monday.\n\n{sender}"),
    ("Who takes the fair?", "I can do Tuesday and Wednesday.\n\n{sender}"),
    ("Lab closed on Friday", "The lab is closed. Call Dora’s phone.\n\n{sender}"),
    ("Forecast", "Numbers are in the usual folder.\n\n{sender}"),
)

#: Sender, subject and body of what nobody asked for.
NEWSLETTERS = (
    (
        "news@measure-weekly.example",
        "Measure Weekly #{number}",
        "<html><body><h1>This week</h1><p>Ten facts on torque.</p>"
        '<p><a href="https://measure-weekly.example/u">Unsubscribe</a></p>'
        "</body></html>",
    ),
    (
        "no-reply@rail-tickets.example",
        "Your ticket {number}",
        "<html><body><p>Have a good journey.</p></body></html>",
    ),
    (
        "offers@office-chairs.example",
        "Only today: -{number} %",
        "<html><body><p>Sit <b>better</b>.</p></body></html>",
    ),
)

ENCRYPTED = """\
From: {name} <{email}>
To: {owner} <{address}>
Subject: Confidential: drawings
Message-ID: <{number}.smime@{domain}>
Date: {date}
MIME-Version: 1.0
Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="smime.p7m"

MIAGCSqGSIb3DQEHA6CAMIACAQAxggE=
"""

REPORT = """\
From: Mail Delivery System <mailer-daemon@northwind.example>
To: {owner} <{address}>
Subject: Undeliverable: Offer NI-{number}
Message-ID: <{number}.ndr@northwind.example>
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

Your message to nobody@vanished.example could not be delivered.
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.northwind.example

Final-Recipient: rfc822; nobody@vanished.example
Action: failed
Status: 5.1.1
--b1--
"""
