import xml.etree.ElementTree as ElementTree

from retrieval.evaluation.plots import reliability_diagram, risk_coverage_plot


def drawn(svg: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The paths that are no grid, and the dots as cx, cy, r."""
    root = ElementTree.fromstring(svg)
    paths = [path.attrib["d"] for path in root.iter("path") if path.attrib["class"] != "grid"]
    return paths, [(dot.attrib["cx"], dot.attrib["cy"], dot.attrib["r"]) for dot in root.iter("circle")]


def test_a_reliability_diagram() -> None:
    """The square is 260 wide, from (46, 12) to (306, 272); 0 is below."""
    svg = reliability_diagram([(0.0, 0.5, 1), (1.0, 1.0, 4)])
    paths, dots = drawn(svg)
    assert paths == ["M46 272L306 12", "M46.0 142.0L306.0 12.0"]
    assert dots == [("46.0", "142.0", "6.5"), ("306.0", "12.0", "10.0")]
    assert "<title>4 questions: confidence 1.00, best sentence answers 1.00</title>" in svg


def test_a_risk_coverage_plot() -> None:
    paths, dots = drawn(risk_coverage_plot([(0.5, 0.0), (1.0, 0.25)], (0.5, 0.0)))
    assert paths == ["M176.0 272.0L306.0 207.0"]
    assert dots == [("176.0", "272.0", "5")]


def test_without_questions_there_is_only_a_grid() -> None:
    assert drawn(reliability_diagram([])) == (["M46 272L306 12"], [])
    assert drawn(risk_coverage_plot([], None)) == ([], [])
