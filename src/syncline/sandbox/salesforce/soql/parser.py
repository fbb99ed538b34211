"""Reads SOQL into a tree.

Understood: field lists with relationships, sub-queries for children, COUNT(),
USING SCOPE, WHERE with semi-joins, ORDER BY, LIMIT, OFFSET. Not understood, and
refused as malformed: GROUP BY, TYPEOF.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from syncline.sandbox.salesforce.faults import RefusedError
from syncline.sandbox.salesforce.soql.tokens import Kind, Token, cut, malformed

COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")
RESERVED = {"FROM", "WHERE", "ORDER", "LIMIT", "OFFSET", "GROUP", "AND", "OR"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """`field operator value`; several values for IN and NOT IN."""

    field: Token
    operator: str
    values: tuple[Token, ...] = ()
    #: The query that gives the values instead.
    query: Query | None = None


@dataclass(frozen=True, slots=True)
class All:
    """Conditions joined by AND."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Conditions joined by OR."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned around."""

    part: Condition


Condition: TypeAlias = Comparison | All | Either | Not


@dataclass(frozen=True, slots=True)
class Order:
    """One field to sort by."""

    field: Token
    descending: bool = False
    nulls_first: bool = True


@dataclass(slots=True)
class Query:
    """One SELECT."""

    text: str
    sobject: Token
    fields: list[Token] = field(default_factory=list)
    counts: bool = False
    #: Queries over what refers to the records; FROM names the relationship.
    children: list[Query] = field(default_factory=list)
    scope: Token | None = None
    where: Condition | None = None
    order: list[Order] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0


def parse(soql: str) -> Query:
    """Read a query.

    Raises:
        RefusedError: MALFORMED_QUERY, with the place.
    """
    return _Parser(soql).query()


class _Parser:
    def __init__(self, soql: str) -> None:
        self.soql = soql
        self.tokens = cut(soql)
        self.at = 0

    def query(self) -> Query:
        query = self.select()
        if self.peek().kind is not Kind.END:
            raise self.unexpected()
        return query

    def select(self) -> Query:
        self.expect("SELECT")
        fields, counts, children = self.selection()
        self.expect("FROM")
        query = Query(self.soql, self.word(), fields, counts, children)
        if self.accept("USING"):
            self.expect("SCOPE")
            query.scope = self.word()
        if self.accept("WHERE"):
            query.where = self.condition()
        if self.accept("ORDER"):
            self.expect("BY")
            query.order = self.ordering()
        if self.accept("LIMIT"):
            query.limit = self.whole()
        if self.accept("OFFSET"):
            query.offset = self.whole()
        return query

    def selection(self) -> tuple[list[Token], bool, list[Query]]:
        if self.is_next("COUNT") and self.tokens[self.at + 1].text == "(":
            self.at += 2
            self.expect(")")
            return [], True, []
        fields: list[Token] = []
        children: list[Query] = []
        while True:
            if self.accept("("):
                children.append(self.select())
                self.expect(")")
            else:
                fields.append(self.word())
            if not self.accept(","):
                return fields, False, children

    def ordering(self) -> list[Order]:
        orders = [self.one_order()]
        while self.accept(","):
            orders.append(self.one_order())
        return orders

    def one_order(self) -> Order:
        name = self.word()
        descending = self.accept("DESC")
        if not descending:
            self.accept("ASC")
        nulls_first = True
        if self.accept("NULLS"):
            nulls_first = self.accept("FIRST")
            if not nulls_first:
                self.expect("LAST")
        return Order(name, descending, nulls_first)

    def condition(self) -> Condition:
        first = self.term()
        # AND and OR may not stand side by side without parentheses.
        for joint, joined in (("AND", All), ("OR", Either)):
            if self.is_next(joint):
                parts = [first]
                while self.accept(joint):
                    parts.append(self.term())
                return joined(tuple(parts))
        return first

    def term(self) -> Condition:
        if self.accept("NOT"):
            return Not(self.term())
        if self.accept("("):
            inner = self.condition()
            self.expect(")")
            return inner
        return self.comparison()

    def comparison(self) -> Comparison:
        name = self.word()
        if self.accept("LIKE"):
            return Comparison(name, "LIKE", (self.value(),))
        if self.accept("IN"):
            return self.membership(name, "IN")
        if self.accept("NOT"):
            self.expect("IN")
            return self.membership(name, "NOT IN")
        sign = self.peek()
        if sign.text not in COMPARISONS:
            raise self.unexpected()
        self.at += 1
        operator = "!=" if sign.text == "<>" else sign.text
        return Comparison(name, operator, (self.value(),))

    def membership(self, name: Token, operator: str) -> Comparison:
        self.expect("(")
        if self.is_next("SELECT"):
            inner = self.select()
            self.expect(")")
            return Comparison(name, operator, query=inner)
        return Comparison(name, operator, self.value_list())

    def value_list(self) -> tuple[Token, ...]:
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.expect(")")
        return tuple(values)

    def value(self) -> Token:
        token = self.peek()
        if token.kind in (Kind.SIGN, Kind.END):
            raise self.unexpected()
        self.at += 1
        return token

    def word(self) -> Token:
        token = self.peek()
        if token.kind is not Kind.WORD or token.text.upper() in RESERVED:
            raise self.unexpected()
        self.at += 1
        return token

    def whole(self) -> int:
        token = self.peek()
        if token.kind is not Kind.NUMBER or not token.text.isdigit():
            raise self.unexpected()
        self.at += 1
        return int(token.text)

    def peek(self) -> Token:
        return self.tokens[self.at]

    def is_next(self, text: str) -> bool:
        token = self.peek()
        return token.kind in (Kind.WORD, Kind.SIGN) and token.text.upper() == text

    def accept(self, text: str) -> bool:
        if not self.is_next(text):
            return False
        self.at += 1
        return True

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.unexpected()

    def unexpected(self) -> RefusedError:
        token = self.peek()
        return malformed(self.soql, token.at, f"unexpected token: '{token.text}'")
