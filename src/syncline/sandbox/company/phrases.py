"""What Northwind's diaries say: products, subjects, places and bodies."""
# diaries use real dashes and quotes

PRODUCTS = (
    "NI-400 pressure calibrator",
    "NI-72 torque analyzer",
    "FluxPro 9 flow meter",
    "ThermoLog XR data logger",
    "VibraScan 3 vibrometer",
    "Gauge block set 0/A",
    "pH-Duo field meter",
    "HydroSense µ level probe",
)

#: Meetings with a customer; guests are invited.
MEETINGS = (
    "Demo: {product} for {customer}",
    "{customer}: quarterly business review",
    "Calibration contract with {customer}",
    "Kick-off {product}, {customer}",
    "Site visit {customer}, {city}",
    "{customer}: tender for {product}",
    "Lunch with {customer}",
    "Abnahme {product} bei {customer}",
    "Réunion de suivi : {customer}",
    "Avtalsgenomgång {customer}",
    "Sopralluogo da {customer} ({city})",
    "年度校准计划 {customer}",
    "Συνάντηση: {customer}",
)

#: Appointments of one person alone.
APPOINTMENTS = (
    "Prepare quote: {product} / {customer}",
    "Call back {customer} about {product}",
    "Write report on {product}",
    "Travel to {city}",
    "Update forecast for {customer}",
    "Check certificate of {product}",
    "Firmware notes: {product}",
    "Expenses {city}",
    "Förbered offert {customer}",
    "Telefonata con {customer}",
    "Nachfassen: {customer}",
    "Price list, {customer}",
)

#: Meetings that somebody at the customer's organizes.
INVITATIONS = (
    "{customer}: supplier day",
    "Audit {product} at {customer}",
    "{customer} onboarding for suppliers",
    "Factory acceptance test, {product}",
    "{customer} – safety briefing",
)

PRIVATE = (
    "Dentist",
    "School meeting",
    "Physiotherapy",
    "Collect the car",
    "Parent–teacher talk",
    "Blood donation",
    "Choir rehearsal",
)

AWAY = (
    "Out: customer site",
    "Travelling",
    "Off in the afternoon",
    "Doctor",
)

INTERNAL = (
    "Pipeline review",
    "Price committee",
    "Product news",
    "Service backlog",
    "Forecast round",
)

ALL_DAY = (
    "Public holiday stand-in",
    "Calibration lab closed",
    "Home office",
    "Name day of {customer}’s buyer",
    "Deadline: tender {customer}",
    "Delivery of {product}",
)

MULTI_DAY = (
    "Trade fair: {city}",
    "Training course on {product}",
    "Installation at {customer}",
    "Winter meeting {city}",
)

ROOMS = (
    "Meeting room Ångström",
    "Meeting room Kelvin",
    "Lab 2, bench 4",
    "Microsoft Teams Meeting",
    "Video call",
    "Showroom",
    "Canteen",
    "Lobby → Gate 3",
)

#: Bodies in plain text.
TEXTS = (
    "Bring the certificates and the open offer.\n\nAgenda:\n1. Results\n2. Next steps",
    "Open points:\n- delivery date\n- price per 10 pieces\n- who signs?",
    "Ring first, the switchboard closes at 16:00.",
    "Ask about the tolerance: ±0.02 % of full scale at 23 °C ± 1 K.",
    "See folder N:\\Sales\\{ref} for the drawings.",
    "Confirmed by telephone. Parking behind the building, code 4711#.",
    "",
    "",
)

#: Bodies as mail clients write them.
MARKUP = (
    "<html><head><style>p {{margin:0}}</style></head><body><p>Hello all,</p>"
    "<p>we look at the <b>{product}</b> together with {name}.</p>"
    "<ul><li>accuracy</li><li>price &amp; delivery</li></ul></body></html>",
    "<html><body><div>Agenda</div><table><tr><td>10 min</td><td>News</td></tr>"
    "<tr><td>30 min</td><td>Demo&nbsp;{product}</td></tr></table></body></html>",
    '<html><body><p>Offer: <a href="https://northwind.example/offers/{ref}">'
    "open it</a><br>Questions to me.</p></body></html>",
)

TITLES = (
    "Head of Quality",
    "Purchasing Manager",
    "Calibration Engineer",
    "Managing Director",
    "Laboratory Technician",
    "Plant Manager",
    "Category Buyer",
    "Maintenance Planner",
    "Leiterin Messtechnik",
    "Responsable métrologie",
    "Inköpare",
    "Responsabile acquisti",
    "Метролог",
    "品質管理部長",
)

DEPARTMENTS = (
    "Quality",
    "Purchasing",
    "Maintenance",
    "R&D",
    "Production",
    "Operations",
    "Laboratory",
)

NOTES = (
    "Prefers e-mail before 10.",
    "Met at the Hannover fair.\nWants the new catalogue.",
    "Speaks Swedish and a little Italian.",
    "Assistant answers the phone on Fridays.",
    "Allergic to nuts (lunches!).",
)

SALUTATIONS = ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx.")
