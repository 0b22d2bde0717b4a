import { describe, expect, it } from 'vitest'
import { CLIENTS, connect, isInstalled, recording, TINTIN, TINYFUGUE } from '../support/clients.ts'
import { enterByNcat } from '../support/ncat.ts'
import { findProgram } from '../support/programs.ts'
import { startServer } from '../support/server.ts'

const ncat = findProgram('ncat')
const [IAC, SB, SE, DO, CHARSET, REJECTED] = [255, 250, 240, 253, 42, 3]

describe.each(CLIENTS)('$name', (client) => {
  it.skipIf(!ncat || !isInstalled(client))('hears and says UTF-8 in a terminal that has it', async () => {
    const { telnetPort } = await startServer()
    const { window, relay } = await connect(client, telnetPort)
    window.type('ada')
    await window.shows('play without one:')
    window.type('')
    await window.shows('Also here: a grey cat.')
    const bob = await enterByNcat(ncat as string, telnetPort, 'Bob')
    bob.client.send("'Gr\xc3\xbc\xc3\x9fe, 10 \xe2\x82\xac\n")
    if (client === TINYFUGUE) {
      // It knows no characters of several bytes, and takes the eighth bit away; a key with that bit is a command to it.
      await window.shows('Bob says: GrC<Ce, 10 b,')
    } else {
      await window.shows('Bob says: Grüße, 10 €')
      window.type("'Schöne Grüße!")
      await window.shows('You say: Schöne Grüße!')
      await bob.client.receives('Ada says: Sch\xc3\xb6ne Gr\xc3\xbc\xc3\x9fe!')
    }
    window.type('quit')
    await relay.says('server', /^"Goodbye\."/)
    await expect(recording(relay)).toMatchFileSnapshot(`../../recordings/charsets/${client.name}.txt`)
  })
})

it.skipIf(!ncat || !isInstalled(TINTIN))(
  'ncat has Latin-1 where it wants that, and hears and is heard by those who have UTF-8',
  async () => {
    const { telnetPort } = await startServer()
    const session = await connect(TINTIN, telnetPort)
    session.window.type('ada')
    await session.window.shows('play without one:')
    session.window.type('')
    await session.window.shows('Also here: a grey cat.')
    const { client, relay } = await enterByNcat(ncat as string, telnetPort, 'Bob')
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

it.skipIf(!ncat)('ncat is understood in UTF-8 and in Latin-1 where it says nothing of either', async () => {
  const { telnetPort } = await startServer()
  const { client } = await enterByNcat(ncat as string, telnetPort, 'Ada')
  client.send("'caf\xc3\xa9\n")
  await client.receives('You say: caf\xc3\xa9')
  client.send("'th\xe9\n")
  await client.receives('You say: th\xc3\xa9')
})
