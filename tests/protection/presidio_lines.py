"""Mask lines with Presidio's stock recognisers; run by a Python of its own that has it.

JSON strings in, JSON strings out: every span that any recogniser names becomes 〔P〕. Without a
Chinese spaCy model only the recognisers that are patterns can run, and standard error says so.
"""

# mypy: disable-error-code="import-not-found"

import importlib.util
import json
import sys
from typing import Any

MODEL = "zh_core_web_sm"


def make_analyzer() -> Any:
    """Build the analyzer as its manual says, with the Chinese model where there is one."""
    import spacy
    import tldextract
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpEngineProvider, SpacyNlpEngine
    from tldextract import tldextract as module

    if importlib.util.find_spec(MODEL):
        models = [{"lang_code": "zh", "model_name": MODEL}]
        engine = NlpEngineProvider(
            nlp_configuration={"nlp_engine_name": "spacy", "models": models}
        ).create_engine()
        print(f"presidio: with {MODEL}", file=sys.stderr)
    else:
        engine = SpacyNlpEngine(models=[{"lang_code": "zh", "model_name": "blank"}])
        engine.nlp = {"zh": spacy.blank("zh")}
        print(f"presidio: {MODEL} is not installed, so no names and places", file=sys.stderr)
    # Its list of domains comes with the package; it must not ask the network for a newer one.
    module.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
    registry = RecognizerRegistry(supported_languages=["zh"])
    registry.load_predefined_recognizers(languages=["zh"], nlp_engine=engine)
    registry.add_nlp_recognizer(engine)
    return AnalyzerEngine(registry=registry, nlp_engine=engine, supported_languages=["zh"])


def mask(text: str, analyzer: Any) -> str:
    """Replace what the analyzer finds."""
    pieces, done = [], 0
    found = sorted(analyzer.analyze(text, language="zh"), key=lambda each: (each.start, -each.end))
    for span in found:
        if span.start >= done:
            pieces += [text[done : span.start], "〔P〕"]
            done = span.end
    return "".join([*pieces, text[done:]])


def main() -> None:
    """Answer every line."""
    analyzer = make_analyzer()
    for line in sys.stdin:
        print(json.dumps(mask(json.loads(line), analyzer)))


if __name__ == "__main__":
    main()
