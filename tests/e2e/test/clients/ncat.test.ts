import { describe, expect, it } from 'vitest'
import { connect, isInstalled, recording, TINTIN } from '../support/clients.ts'
import { Ncat } from '../support/ncat.ts'
import { findProgram } from '../support/programs.ts'
import { Relay } from '../support/relay.ts'
import { startServer } from '../support/server.ts'

const ncat = findProgram('ncat')
const [IAC, SB, SE, DO, CHARSET, REJECTED] = [255, 250, 240, 253, 42, 3]

/** Comes into the world by ncat, behind a relay. */
async function enter(
  serverPort: number,
  name: string,
): Promise<{ readonly client: Ncat; readonly relay: Relay }> {
  const relay = await Relay.before(serverPort)
  const client = new Ncat(ncat as string, relay.port)
  await client.receives('What is your name?')
  client.send(`${name}\n`)
  await client.receives('play without one:')
  client.send('\n')
  await client.receives(`Welcome, `)
  return { client, relay }
}

describe.skipIf(!ncat)('ncat', () => {
  it('ends lines in all four ways, and each is one line', async () => {
    const { telnetPort } = await startServer()
    const { client, relay } = await enter(telnetPort, 'Ada')
    client.send("'one\r\n'two\r", [0], "'three\n'four\r'five\r\n'six\n")
    await client.receives('You say: six')
    const said = relay.transcript('server').filter((line) => line.includes('You say'))
    expect(said).toEqual(
      ['one', 'two', 'three', 'four', 'five', 'six'].map((word) => `"You say: ${word}" CR LF`),
    )
    await expect(recording(relay)).toMatchFileSnapshot('../../recordings/line-ends/ncat.txt')
  })

  it('answers telnet when it is told to, and says no to everything', async () => {
    const { telnetPort } = await startServer()
    const relay = await Relay.before(telnetPort)
    new Ncat(ncat as string, relay.port, '--telnet')
    await relay.says('client', /^IAC DONT MCCP2$/)
    // Not further: to a GA, which has no option, it answers with what its memory has behind it.
    expect(relay.transcript('client').slice(0, 9)).toEqual([
      ...['TTYPE', 'NAWS', 'NEW-ENVIRON'].map((option) => `IAC WONT ${option}`),
      ...['CHARSET', 'EOR', 'GMCP', 'MSSP', 'MCCP3', 'MCCP2'].map((option) => `IAC DONT ${option}`),
    ])
  })

  it.skipIf(!isInstalled(TINTIN))(
    'has Latin-1 where it wants that, and hears and is heard by those who have UTF-8',
    async () => {
      const { telnetPort } = await startServer()
      const session = await connect(TINTIN, telnetPort)
      session.window.type('ada')
      await session.window.shows('play without one:')
      session.window.type('')
      await session.window.shows('Also here: a grey cat.')
      const { client, relay } = await enter(telnetPort, 'Bob')
      client.send([IAC, DO, CHARSET], [IAC, SB, CHARSET, REJECTED, IAC, SE])
      await relay.says('server', /CHARSET REQUEST/)
      client.send("'Gr\xfc\xdfe\n")
      await session.window.shows('Bob says: Grüße')
      await client.receives('You say: Gr\xfc\xdfe')
      session.window.type("'Schöne Grüße, €")
      // What Latin-1 does not have is a question mark.
      await client.receives('Ada says: Sch\xf6ne Gr\xfc\xdfe, ?')
      await session.window.shows('You say: Schöne Grüße, €')
      await expect(recording(relay)).toMatchFileSnapshot('../../recordings/charsets/Latin-1 by ncat.txt')
    },
  )

  it('is understood in UTF-8 and in Latin-1 where it says nothing of either', async () => {
    const { telnetPort } = await startServer()
    const { client } = await enter(telnetPort, 'Ada')
    client.send("'caf\xc3\xa9\n")
    await client.receives('You say: caf\xc3\xa9')
    client.send("'th\xe9\n")
    await client.receives('You say: th\xc3\xa9')
  })
})
