import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createDriver, type Owner, type Transport } from '@mudwire/core'
import { memory } from '@mudwire/core/memory'
import { makeLocalhost } from '@mudwire/test-support/certificates'
import { tcp, tls, unix } from '@mudwire/transport-tcp'
import { webSocket } from '@mudwire/transport-websocket'
import { expect, it, onTestFinished } from 'vitest'
import { host } from '../src/host.ts'

/** Somebody who plays, over any transport. */
class Player {
  readonly lines: string[] = []
  readonly #socket: ReturnType<Owner['connect']>
  #heard: (() => void) | undefined

  constructor(owner: Owner, transport: Transport) {
    this.#socket = owner.connect(transport, {
      line: (text) => {
        this.lines.push(text)
        this.#heard?.()
      },
      close: ({ by, kind }) => {
        this.lines.push(`(${by} ${kind})`)
        this.#heard?.()
      },
    })
  }

  type(line: string): void {
    this.#socket.write(`${line}\r\n`)
  }

  async hears(line: string): Promise<void> {
    while (!this.lines.includes(line)) {
      await new Promise<void>((resolve) => {
        this.#heard = resolve
      })
    }
  }
}

/** Two people meet, talk, pick something up and leave; what each of them has read comes back. */
async function play(owner: Owner, transport: Transport): Promise<readonly (readonly string[])[]> {
  const ada = new Player(owner, transport)
  await ada.hears('Welcome to Mudwire, a small town by a river.')
  ada.type('ada')
  await ada.hears('Also here: a grey cat.')
  const bob = new Player(owner, transport)
  bob.type('bob')
  await ada.hears('Bob arrives.')
  await bob.hears('Also here: Ada and a grey cat.')
  ada.type('say Grüße, ∑ 𝄞')
  await bob.hears('Ada says: Grüße, ∑ 𝄞')
  bob.type('get boat')
  await ada.hears('Bob picks up a paper boat.')
  bob.type('drop boat')
  await ada.hears('Bob puts down a paper boat.')
  bob.type('north')
  await ada.hears('Bob leaves north.')
  bob.type('tell ada over here')
  await ada.hears('Bob tells you: over here')
  bob.type('quit')
  await bob.hears('(remote end)')
  ada.type('who')
  await ada.hears('You are alone in the world.')
  ada.type('quit')
  await ada.hears('(remote end)')
  return [ada.lines, bob.lines].map(withoutQuestion)
}

/** A question has no line end. Where a message ends a line, it is one by itself; elsewhere the answer follows on it. */
function withoutQuestion(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^What is your name\? /, '')).filter((line) => line !== '')
}

it('plays the same over every transport', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mudwire-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const { authority, certificate } = await makeLocalhost()
  const certificates = [certificate]
  const pages = createServer().listen(0, '127.0.0.1')
  await once(pages, 'listening')
  onTestFinished(() => void pages.close())
  const { port: pagesPort } = pages.address() as AddressInfo
  const path = join(folder, 'world.sock')
  const network = memory()
  const ca = authority.cert

  const [clear, secure, ws, wss] = await freePorts(4)
  const places: readonly {
    readonly name: string
    readonly listen: Transport
    readonly connect: Transport
  }[] = [
    { name: 'tcp', listen: tcp({ port: clear }), connect: tcp({ port: clear }) },
    { name: 'tls', listen: tls({ port: secure, certificates }), connect: tls({ port: secure, ca }) },
    { name: 'unix', listen: unix({ path }), connect: unix({ path }) },
    { name: 'memory', listen: network, connect: network },
    {
      name: 'websocket beside pages',
      listen: webSocket({ server: pages, text: 'stream' }),
      connect: webSocket({ url: `ws://127.0.0.1:${pagesPort}/ws` }),
    },
    {
      name: 'websocket',
      listen: webSocket({ port: ws }),
      connect: webSocket({ url: `ws://127.0.0.1:${ws}/ws` }),
    },
    {
      name: 'websocket with TLS, compressed',
      listen: webSocket({ port: wss, certificates, compression: true }),
      connect: webSocket({ url: `wss://127.0.0.1:${wss}/ws`, ca, compression: true }),
    },
  ]
  const driver = await host(places.map(({ listen }) => listen))
  const clients = createDriver()
  onTestFinished(async () => {
    await clients.close({ deadlineMs: 100 })
    await driver.close({ deadlineMs: 100 })
  })
  let expected: readonly (readonly string[])[] | undefined
  for (const { name, connect } of places) {
    const seen = await play(clients.owner(name), connect)
    expected ??= seen
    expect(seen, name).toEqual(expected)
  }
})

/** Ports that are free now; what listens on them next is the test's own. */
async function freePorts(count: number): Promise<[number, number, number, number]> {
  const driver = createDriver()
  const listeners = Array.from({ length: count }, () => driver.owner('finder').listen(tcp({ port: 0 })))
  const ports = await Promise.all(listeners.map(async ({ opened }) => (await opened)[0]?.port ?? 0))
  await driver.close()
  return ports as [number, number, number, number]
}
