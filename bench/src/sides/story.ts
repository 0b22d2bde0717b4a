const WORDS =
  'the a of and to in is you it on with as from under over dim narrow quiet old stone wooden fountain market hall door lantern shadow merchant guard rat sword bread river bridge says looks waits opens leads north south east west up down here news travels faster than rain stalls stand around dry light falls through dusty windows somebody hums softly behind counter smell fresh leather hangs air'.split(
    ' ',
  )
const LINE_LENGTH = 70

/** Lines of words in no order, the same ones each time: text that compresses some three times, as a world's does. */
export function story(lines: number): readonly string[] {
  let seed = 1
  const word = (): string => {
    // The generator of ANSI C.
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff
    return WORDS[(seed >> 16) % WORDS.length] ?? ''
  }
  return Array.from({ length: lines }, () => {
    let line = word()
    while (line.length < LINE_LENGTH) line += ` ${word()}`
    return line
  })
}
