import { describe, expect, it } from 'vitest'
import { CLIENTS, connect, isInstalled, recording } from '../support/clients.ts'
import { startServer } from '../support/server.ts'

describe.each(CLIENTS)('$name', (client) => {
  it.skipIf(!isInstalled(client))(
    'gets lines as wide as its window, also after that has changed',
    async () => {
      const { telnetPort } = await startServer()
      const session = await connect(client, telnetPort)
      const { window, relay } = session
      window.type('ada')
      await window.shows('play without one:')
      window.type('')
      await window.shows('Also here: a grey cat.')
      const sizes = relay.transcript('client').filter((line) => line.startsWith('IAC SB NAWS'))
      const before = widest(relay.transcript('server'))
      window.resize(50, 30)
      await relay.says('client', /^IAC SB NAWS/, sizes.length + 1)
      window.type('north')
      await relay.says('server', /roof\./)
      const [columns] =
        /(?<=NAWS )\d+/.exec(relay.transcript('client').findLast((line) => line.includes('NAWS')) ?? '') ?? []
      expect(before).toBeGreaterThan(70)
      expect(Number(columns)).toBeLessThanOrEqual(50)
      const lane = relay
        .transcript('server')
        .slice(relay.transcript('server').findIndex((line) => line.includes('Lamplighters')))
      expect(widest(lane)).toBeLessThanOrEqual(Number(columns))
      window.type('quit')
      await relay.says('server', /^"Goodbye\."/)
      await expect(recording(relay)).toMatchFileSnapshot(`../../recordings/window-size/${client.name}.txt`)
    },
  )
})

/** How many columns the widest line of the world's has. */
function widest(lines: readonly string[]): number {
  const texts = lines.filter(
    (line) => line.startsWith('"') && line.includes(' CR LF') && !line.includes('\\u001b'),
  )
  return Math.max(...texts.map((line) => line.lastIndexOf('"') - 1))
}
