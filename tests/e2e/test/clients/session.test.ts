import { describe, expect, it } from 'vitest'
import {
  CLIENTS,
  type Client,
  connect,
  isInstalled,
  recording,
  TINTIN,
  TINYFUGUE,
} from '../support/clients.ts'
import { startServer } from '../support/server.ts'

/** How each marks its prompts, and what it compresses, when it is asked. */
const EXPECTED: Readonly<
  Record<Client['name'], { readonly mark: string | undefined; readonly who: string }>
> = {
  'TinTin++': { mark: 'IAC EOR', who: 'Ada (you): TinTin++ 2.02.20, compressed both ways' },
  TinyFugue: { mark: 'IAC EOR', who: 'Ada (you): TINYFUGUE, compressed' },
  'GNU telnet': { mark: 'IAC GA', who: 'Ada (you): XTERM-256COLOR' },
  'PuTTY plink': { mark: undefined, who: 'Ada (you): XTERM' },
}

describe.each(CLIENTS)('$name', (client) => {
  it.skipIf(!isInstalled(client))('negotiates, makes an account and plays, as recorded', async () => {
    const { telnetPort } = await startServer()
    const session = await connect(client, telnetPort)
    const { window, relay } = session
    const { mark, who } = EXPECTED[client.name] ?? { mark: undefined, who: '' }
    window.type('ada')
    await window.shows('play without one:')
    window.type('swordfish')
    await window.shows('Again, please:')
    window.type('swordfish')
    await window.shows('Also here: a grey cat.')
    window.type('who')
    await window.shows(who)
    window.type('quit')
    await relay.says('server', /^"Goodbye\."/)

    // The password was typed twice, and never seen.
    await window.hasShown(who)
    expect(window.history).not.toContain('swordfish')
    const server = relay.transcript('server')
    const prompts = server.filter((line) => /^"(> |.*: |.*\? )"$/.test(line))
    const marks = server.filter((line) => line === 'IAC EOR' || line === 'IAC GA')
    expect(new Set(marks)).toEqual(new Set(mark ? [mark] : []))
    if (mark) expect(marks).toHaveLength(prompts.length)
    const compressed = (side: 'server' | 'client'): boolean =>
      relay.transcript(side).includes('(compressed from here on)')
    expect(compressed('server')).toBe(client === TINTIN || client === TINYFUGUE)
    expect(compressed('client')).toBe(client === TINTIN)
    await expect(recording(relay)).toMatchFileSnapshot(`../../recordings/session/${client.name}.txt`)
  })
})
