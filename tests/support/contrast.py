"""Contrast of texts as a browser draws them, by the formula of WCAG 2."""

from support.chromium import Page

_LOWEST = """((selector) => {
  const parse = (text) => {
    const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((one, i) => one * a + below[i] * (1 - a));
  const linear = (one) => (one <= 10.31475 ? one / 3294.6 : ((one / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  // What is behind an element, from the page to its own ground; "opacity" fades it into that.
  const ground = (element) => {
    if (!element) return [255, 255, 255];
    return over(parse(getComputedStyle(element).backgroundColor), ground(element.parentElement));
  };
  const faded = (element) => {
    if (!element) return 1;
    return Number(getComputedStyle(element).opacity) * faded(element.parentElement);
  };
  const hasText = (element) => [...element.childNodes]
    .some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
  const found = [...document.querySelectorAll(selector)]
    .filter((each) => each.checkVisibility() && hasText(each) && !each.matches(":disabled, option"))
    .map((each) => {
      const { color, fill } = getComputedStyle(each);
      const [text, behind] = [parse(each instanceof SVGElement ? fill : color), ground(each)];
      const shown = over([...text.slice(0, 3), text[3] * faded(each)], behind);
      const [low, high] = [luminance(shown), luminance(behind)].sort((one, other) => one - other);
      const name = each.id || each.className || each.tagName;
      return { ratio: (high + 0.05) / (low + 0.05), name: `${name}: ${each.textContent.trim()}` };
    });
  return found.sort((one, other) => one.ratio - other.ratio)[0] ?? { ratio: 0, name: "no text" };
})"""


async def use_scheme(page: Page, scheme: str) -> None:
    """Show the page as a device does that is set to ``dark`` or ``light``."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    await page.call("Emulation.setEmulatedMedia", features=features)


async def lowest_contrast(page: Page, selector: str) -> tuple[float, str]:
    """The lowest contrast among the visible texts that a selector finds, and which text it is.

    Disabled controls are left out, as WCAG does; without any text the contrast is 0.
    """
    found = await page.run(f"{_LOWEST}({selector!r})")
    return float(found["ratio"]), str(found["name"])


async def contrast_of(page: Page, selector: str) -> float:
    """The lowest contrast among the visible texts that a selector finds."""
    return (await lowest_contrast(page, selector))[0]
