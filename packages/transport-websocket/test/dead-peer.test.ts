import { once } from 'node:events'
import { expect, it } from 'vitest'
import { frame, hear, listenAt, open, rawUpgrade } from './support/scene.ts'

it('a peer that answers no ping is told as timed out; one that answers stays', async () => {
  const heard = hear()
  const { port } = await listenAt(heard.accepted, { pingIntervalMs: 40 })
  const silent = await rawUpgrade(port)
  await heard.until(() => heard.sockets.length === 1)
  const alive = await open(port)
  await heard.until(() => heard.closes.length > 0)
  expect(heard.closes).toMatchObject([{ by: 'transport', kind: 'timeout', code: 'ping-timeout' }])
  expect(heard.sockets.map(({ state }) => state)).toEqual(['closed', 'open'])
  silent.destroy()
  alive.terminate()
})

it('a reset that came while nobody read is no clean close, not even between two messages', async () => {
  const heard = hear()
  const { port } = await listenAt(heard.accepted)
  const client = await rawUpgrade(port)
  await heard.until(() => heard.sockets.length === 1)
  heard.sockets[0]?.pause()
  await new Promise<void>((resolve) => client.write(frame(1, 'the last that was sent'), () => resolve()))
  client.resetAndDestroy()
  await once(client, 'close')
  heard.sockets[0]?.resume()
  await heard.until(() => heard.closes.length === 1)
  expect(heard.lines).toEqual(['the last that was sent'])
  expect(heard.closes).toMatchObject([{ by: 'remote', kind: 'abort', code: 'reset', wire: 1006 }])
})
