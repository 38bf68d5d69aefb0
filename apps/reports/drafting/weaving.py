"""One sentence of the language against the catalogue: its nodes, or why it is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from apps.reports.drafting.draft import Cited, DraftNode, DraftSentence, Gap
from apps.reports.models import ReportGap
from apps.reports.outline.language import Citation, Clause, Node, Sentence, Text
from apps.reports.selectors.catalogue import Catalogue

Kind = ReportGap.Kind


@dataclass(frozen=True, slots=True)
class Weaver:
    """Turns sentences into nodes. ``facts`` are words such as 年度 that are no metrics."""

    catalogue: Catalogue
    facts: Mapping[str, str]

    def sentence(self, sentence: Sentence, position: int = 0) -> tuple[DraftSentence, list[Gap]]:
        """The nodes of a sentence, empty when it is left out, and the gaps it leaves."""
        gap = self.hindrance(sentence.nodes, skip_zero=sentence.skip_zero, whole=True)
        if gap:
            gap.text, gap.position = sentence.source, position
            return [], [gap]
        nodes: DraftSentence = []
        gaps: list[Gap] = []
        for node in sentence.nodes:
            if not isinstance(node, Clause):
                nodes.append(self.node(node))
                continue
            gap = self.hindrance(node.nodes, skip_zero=node.skip_zero, whole=False)
            if gap:
                gap.text, gap.position, gap.is_clause = node.source, position, True
                gaps.append(gap)
            else:
                nodes += [self.node(part) for part in node.nodes]
        return joined(nodes), gaps

    def hindrance(self, nodes: tuple[Node, ...], *, skip_zero: bool, whole: bool) -> Gap | None:
        """Why these nodes cannot be written: a figure that is missing, or zero where that counts.

        Outside a clause, growth against a year without data is written as 上年无数据.
        """
        cited = [n for n in nodes if isinstance(n, Citation) and n.label not in self.facts]
        for citation in cited:
            if citation.label not in self.catalogue.metrics:
                return Gap(Kind.MISSING, "", [citation.label])
            missing = self.catalogue.write(citation).missing
            if missing == "before" and whole and citation.forms == ("同比",):
                continue
            if missing:
                kind = Kind.LAST_YEAR if missing == "before" else Kind.MISSING
                return Gap(kind, "", [citation.label])
        if skip_zero and cited and self.catalogue.write(cited[0]).is_zero:
            return Gap(Kind.ZERO, "", [cited[0].label])
        return None

    def node(self, node: Node) -> DraftNode:
        if isinstance(node, Text):
            return node.text
        assert isinstance(node, Citation)  # noqa: S101 -- clauses don't nest
        if node.label in self.facts:
            return self.facts[node.label]
        return Cited(node, self.catalogue.write(node))

    def cell(self, sentence: Sentence) -> DraftSentence:
        """The nodes of a table's cell; one with a missing figure is a dash."""
        nodes, _ = self.sentence(sentence)
        return nodes or ["—"]


def joined(nodes: DraftSentence) -> DraftSentence:
    """Nodes with neighbouring texts put together."""
    found: DraftSentence = []
    for node in nodes:
        if isinstance(node, str) and found and isinstance(found[-1], str):
            found[-1] += node
        else:
            found.append(node)
    return [node for node in found if node != ""]
