import { describe, expect, it } from 'vitest'
import {
  CLIENTS,
  connect,
  isInstalled,
  isMasked,
  isUnmasked,
  recording,
  register,
} from '../support/clients.ts'
import { startServer } from '../support/server.ts'

describe.each(CLIENTS)('$name', (client) => {
  it.skipIf(!isInstalled(client))('hides each password, and shows what is typed in between', async () => {
    const { telnetPort } = await startServer()
    await register(telnetPort, 'Ada', 'swordfish')
    const session = await connect(client, telnetPort)
    const { window, relay } = session
    for (const [count, guess] of ['secret-one', 'secret-two'].entries()) {
      window.type('ada')
      await isMasked(session, client, count + 1)
      window.type(guess)
      await isUnmasked(session, client, count + 1)
      // What is typed is seen again.
      window.press('x', 'y', 'z')
      await window.shows('xyz')
      window.press('BSpace', 'BSpace', 'BSpace')
    }
    window.type('ada')
    await isMasked(session, client, 3)
    window.type('swordfish')
    await window.shows('Also here: a grey cat.')
    window.type('quit')
    await relay.says('server', /^"Goodbye\."/)
    await window.hasShown('Also here: a grey cat.')
    // Names that were typed were seen, and no password was, not even for a moment.
    expect(window.history).toContain('ada')
    expect(window.history).not.toMatch(/secret|swordfish/)
    await expect(recording(relay)).toMatchFileSnapshot(`../../recordings/masking/${client.name}.txt`)
  })
})
