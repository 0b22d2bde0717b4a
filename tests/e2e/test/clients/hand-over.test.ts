import { expect, it } from 'vitest'
import { connect, isInstalled, recording, register, TELNET, TINTIN } from '../support/clients.ts'
import { startServer } from '../support/server.ts'

/* The login hands the connection to the player when the password is right. The relay makes that happen in the worst moments. */

it.skipIf(!isInstalled(TELNET))('half a subnegotiation is finished under the next owner', async () => {
  const server = await startServer()
  await register(server.telnetPort, 'Ada', 'swordfish')
  const session = await connect(TELNET, server.telnetPort)
  const { window, relay } = session
  window.type('ada')
  await window.shows('Password:')
  relay.hold()
  window.type('swordfish')
  await relay.says('client', /swordfish/)
  window.resize(50, 24)
  await relay.says('client', /^IAC SB NAWS 50 24 IAC SE$/)
  const [IAC, SB] = [255, 250]
  const middle = relay.held.indexOf(Buffer.from([IAC, SB])) + 4
  relay.pass(middle)
  expect(relay.held.length).toBe(5)
  await window.shows('Also here: a grey cat.')
  relay.pass()
  window.type('north')
  await relay.says('server', /^"Lamps hang from every house, lit by day and night" CR LF$/)
  expect(server.log()).toContain('"from":"world","to":"player:Ada","msg":"handed over"')
  window.type('quit')
  await relay.says('server', /^"Goodbye\."/)
  await expect(recording(relay)).toMatchFileSnapshot('../../recordings/hand-over/in a subnegotiation.txt')
})

it.skipIf(!isInstalled(TINTIN))(
  'half a compressed block is finished under the next owner, and the other way it goes on',
  async () => {
    const server = await startServer()
    await register(server.telnetPort, 'Ada', 'swordfish')
    const session = await connect(TINTIN, server.telnetPort)
    const { window, relay } = session
    window.type('ada')
    await window.shows('Password:')
    relay.hold()
    window.type('swordfish')
    await relay.says('client', /swordfish/)
    const password = relay.held.length
    window.type('score')
    await relay.says('client', /score/)
    const both = relay.held.length
    // Compressed, and cut in the middle of the second block.
    expect(relay.held.includes('sword')).toBe(false)
    relay.pass(password + Math.floor((both - password) / 2))
    await window.shows('Also here: a grey cat.')
    expect(window.text).not.toContain('steps left')
    relay.pass()
    await window.shows('You are Ada, with 100 of 100 steps left before you need a rest.')
    window.type('who')
    await window.shows('compressed both ways')
    expect(server.log()).toContain('"from":"world","to":"player:Ada","msg":"handed over"')
    window.type('quit')
    await relay.says('server', /^"Goodbye\."/)
    await expect(recording(relay)).toMatchFileSnapshot(
      '../../recordings/hand-over/in a compressed stream.txt',
    )
  },
)
