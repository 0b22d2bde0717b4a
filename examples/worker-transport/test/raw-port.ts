import { once } from 'node:events'
import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { RawPeer } from '@mudwire/transport-conformance'
import { type Message, sizeOf, WINDOW } from '../src/protocol.ts'

/** Calls by hand, without Mudwire. */
export async function dialPort(door: MessagePort): Promise<RawPeer> {
  const { port1: near, port2: far } = new MessageChannel()
  door.postMessage({ from: { family: 'worker', address: 'raw' }, port: far }, [far])
  const refused = once(near, 'close').then(() => {
    throw new Error('Nobody listens at this door.')
  })
  await Promise.race([once(near, 'message'), refused])
  return new RawPort(near)
}

class RawPort implements RawPeer {
  readonly received: (string | Uint8Array)[] = []
  onChange: (() => void) | undefined
  ended: RawPeer['ended']
  readonly #port: MessagePort
  readonly #unsent: (string | Uint8Array | undefined)[] = []
  readonly #unread: Message[] = []
  #underWay = 0
  #isPaused = false

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: Message) => {
      if (message.type === 'taken') {
        this.#underWay -= message.bytes
        this.#flush()
      } else {
        this.#unread.push(message)
        this.#read()
      }
    })
    port.on('close', () => this.#end(false))
  }

  get unsent(): number {
    return this.#unsent.reduce((sum, chunk) => sum + sizeOf(chunk ?? ''), 0)
  }

  send(data: string | Uint8Array): void {
    this.#unsent.push(data)
    this.#flush()
  }

  end(): void {
    this.#unsent.push(undefined)
    this.#flush()
  }

  close(): void {
    this.end()
  }

  reset(): void {
    this.#port.close()
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#read()
  }

  #flush(): void {
    while (this.#unsent.length > 0 && this.#underWay < WINDOW) {
      const chunk = this.#unsent.shift()
      const message: Message = chunk === undefined ? { type: 'end' } : { type: 'data', chunk }
      this.#underWay += sizeOf(chunk ?? '')
      this.#port.postMessage(message)
    }
  }

  #read(): void {
    while (!this.#isPaused) {
      const message = this.#unread.shift()
      if (message?.type === 'data') {
        this.#port.postMessage({ type: 'taken', bytes: sizeOf(message.chunk) })
        this.received.push(message.chunk)
        this.onChange?.()
      } else if (message?.type === 'end') this.#end(true)
      else if (!message) return
    }
  }

  #end(clean: boolean): void {
    this.ended ??= { clean }
    this.onChange?.()
  }
}
