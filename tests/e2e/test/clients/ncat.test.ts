import { describe, expect, it } from 'vitest'
import { recording } from '../support/clients.ts'
import { enterByNcat, Ncat } from '../support/ncat.ts'
import { findProgram } from '../support/programs.ts'
import { Relay } from '../support/relay.ts'
import { startServer } from '../support/server.ts'

const ncat = findProgram('ncat')

describe.skipIf(!ncat)('ncat', () => {
  it('ends lines in all four ways, and each is one line', async () => {
    const { telnetPort } = await startServer()
    const { client, relay } = await enterByNcat(ncat as string, telnetPort, 'Ada')
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
})
