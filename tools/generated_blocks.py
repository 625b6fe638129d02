"""Blocks of Markdown pages that are generated: ``<!-- generated: NAME -->`` to ``<!-- end -->``."""

import re

_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def with_blocks(text: str, blocks: dict[str, str]) -> str:
    """Return the text with the content of every generated block replaced.

    Raises:
        ValueError: the text has a block that is not in ``blocks``.
    """

    def fill(block: re.Match[str]) -> str:
        name = block.group(2)
        if name not in blocks:
            raise ValueError(f"block is {name!r}; expected one of {', '.join(blocks)}")
        return f"{block.group(1)}{blocks[name]}{block.group(3)}"

    return _BLOCK.sub(fill, text)
