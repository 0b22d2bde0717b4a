const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** A segmenter takes longer for each grapheme the longer the text is, so it sees so many units at a time. */
const WINDOW = 64

/** Here each character stands alone; most lines are like that, and need no segmenter. */
const ASCII = /^[ -~]*$/

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff

/** What a reader takes for one character each: a letter with its marks, an emoji with its parts. */
export function* graphemes(text: string): Generator<string, void> {
  if (ASCII.test(text)) return yield* text
  let start = 0
  let size = WINDOW
  while (start < text.length) {
    // A half of a character at the end would look like one of its own.
    const end = start + size + (isHighSurrogate(text.charCodeAt(start + size - 1)) ? 1 : 0)
    const isLast = end >= text.length
    const segments = Array.from(segmenter.segment(text.slice(start, end)), ({ segment }) => segment)
    // The last one may go on behind the window.
    const whole = isLast ? segments : segments.slice(0, -1)
    yield* whole
    for (const segment of whole) start += segment.length
    size = whole.length === 0 ? size * 2 : WINDOW
  }
}
