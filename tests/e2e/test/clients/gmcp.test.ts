import { expect, it } from 'vitest'
import { connect, isInstalled, recording, TINTIN } from '../support/clients.ts'
import { startServer } from '../support/server.ts'

/** TinTin++ speaks GMCP when a script of its user's does. */
const SCRIPT = String.raw`#event {IAC WILL GMCP} {#send {\xFF\xFD\xC9\xFF\xFA\xC9Core.Hello {"client":"TinTin++","version":"2"}\xFF\xF0\xFF\xFA\xC9Core.Supports.Set ["Char 1","Room 1","Comm.Channel 1"]\xFF\xF0\}};`

it.skipIf(!isInstalled(TINTIN))('TinTin++ gets GMCP when a script asks for it', async () => {
  const { telnetPort } = await startServer()
  const client = {
    ...TINTIN,
    command: (program: string, port: number) =>
      TINTIN.command(program, port).replace('#session', `${SCRIPT}#session`),
  }
  const session = await connect(client, telnetPort)
  const { window, relay } = session
  window.type('ada')
  await window.shows('play without one:')
  window.type('')
  await window.shows('Also here: a grey cat.')
  window.type('north')
  await relay.says('server', /^"> "$/, 2)
  window.type('chat hello')
  await relay.says('server', /^"> "$/, 3)
  window.type('quit')
  await relay.says('server', /Core\.Goodbye/)
  await expect(recording(relay)).toMatchFileSnapshot('../../recordings/gmcp/TinTin++.txt')
})
