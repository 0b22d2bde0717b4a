/** The end of a line on the network, whatever the transport. */
export const EOL = '\r\n'

/** Joins names as a sentence does: `a lantern, a map and an apple`. */
export function listed(names: readonly string[]): string {
  if (names.length < 2) return names.join('')
  return `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]}`
}
