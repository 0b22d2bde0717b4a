import { MessageChannel, Worker } from 'node:worker_threads'
import { type CloseReason, createDriver } from '@mudwire/core'
import { afterEach, expect, it } from 'vitest'
import { ports } from '../src/ports.ts'

/** A thread that calls, says hello, and does as it is told: it knows the protocol and nothing of Mudwire. */
const CALLER = `
  const { MessageChannel, workerData } = require('node:worker_threads')
  const { port1: near, port2: far } = new MessageChannel()
  near.on('message', ({ type, chunk }) => {
    if (type === 'open') near.postMessage({ type: 'data', chunk: 'hello from a thread\\n' })
    if (type === 'data' && chunk === 'die\\r\\n') process.exit()
  })
  workerData.postMessage({ from: { family: 'worker', address: 'caller' }, port: far }, [far])
`

const driver = createDriver()
const workers: Worker[] = []
afterEach(async () => {
  await driver.close()
  await Promise.all(workers.map((worker) => worker.terminate()))
})

it('takes calls from another thread, and a thread that dies has broken its connections', async () => {
  const { port1: inside, port2: outside } = new MessageChannel()
  const lines: string[] = []
  const closed = new Promise<CloseReason>((resolve) => {
    driver.owner('inetd').listen(ports({ door: inside }), {
      accepted(offer) {
        offer.acquire({
          line(text, _info, socket) {
            lines.push(text)
            socket.write('die\r\n')
          },
          close: resolve,
        })
      },
    })
  })
  workers.push(new Worker(CALLER, { eval: true, workerData: outside, transferList: [outside] }))
  expect(await closed).toMatchObject({ by: 'remote', kind: 'abort', code: 'reset' })
  expect(lines).toEqual(['hello from a thread'])
})

it('has one listener at a door', async () => {
  const { port1: door } = new MessageChannel()
  const first = driver.owner('first').listen(ports({ door }))
  await first.opened
  const second = driver.owner('second').listen(ports({ door }))
  await expect(second.opened).rejects.toMatchObject({ code: 'EEADDRINUSE' })
})
