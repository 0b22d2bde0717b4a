import type { TelnetOption } from '../option.ts'

export const ECHO = 1

/**
 * ECHO, RFC 857. A server that says WILL shows what is typed; said to a client that sends lines it hides it, which is how
 * passwords are masked. DO is never said: TinTin++ would stop showing what is typed.
 */
export const echo: TelnetOption = {
  code: ECHO,
  server: {
    // PuTTY asks at once. It is given what it asks for with SGA, and keeps its own echo otherwise.
    allows: (party, session) => party === 'us' && session.editor !== undefined,
  },
  client: {
    allows: (party) => party === 'him',
    changed: (_party, isOn, session) => session.tell('echo', !isOn),
  },
}
