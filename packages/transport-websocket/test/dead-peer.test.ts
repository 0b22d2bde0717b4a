import { expect, it } from 'vitest'
import { hear, listenAt, open, rawUpgrade } from './support/scene.ts'

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
