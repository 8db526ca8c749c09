"""The generated parts of a document: each stands between `<!-- generated: NAME -->` and `<!-- end of NAME -->`; what is around them is written by hand."""


def replaced(text: str, part: str, body: str) -> str:
    """The document with this part's body in place of its former one; a document without the part is an error, and stays as it is."""
    begin, end = f"<!-- generated: {part} -->\n", f"<!-- end of {part} -->\n"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"the document has no part `{part}`: a line `{begin.strip()}`, and below it a line `{end.strip()}`")
    before, rest = text.split(begin, 1)
    return before + begin + "\n" + body + end + rest.split(end, 1)[1]
