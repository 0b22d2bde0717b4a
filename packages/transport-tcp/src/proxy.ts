import { BlockList, isIP, type Socket } from 'node:net'
import type { Address } from '@mudwire/core'
import { wholeNumber } from '@mudwire/core/internal'
import { type ProxyHeader, parseProxyHeader } from './proxy-header.ts'

/** A listener behind a proxy that says who the peer is, before anything else. */
export interface ProxyOptions {
  /**
   * Whom to believe: addresses and networks (`10.0.0.0/8`, `::1`). Everybody else is refused, because every connection
   * to this listener must begin with a header. `unix` stands for whoever reaches a unix socket.
   */
  readonly from: readonly string[]
  /** How long the header may take. Default 5,000 ms. */
  readonly deadlineMs?: number
}

/** The options, checked. */
export interface ProxySettings {
  readonly trusted: TrustedProxies
  readonly deadlineMs: number
}

/** Checks the options. Throws a TypeError for what is no address, no network or no deadline. */
export function proxySettings(options: ProxyOptions | undefined): ProxySettings | undefined {
  return (
    options && {
      trusted: new TrustedProxies(options.from),
      deadlineMs: wholeNumber('deadlineMs', options.deadlineMs ?? 5_000, 1),
    }
  )
}

/** An empty one is no number: as 0 it would stand for everybody. */
const PREFIX = /^\d{1,3}$/

/** The addresses of proxies that are believed. */
export class TrustedProxies {
  readonly #list = new BlockList()
  readonly #unix: boolean

  /** Throws a TypeError for what is neither an address nor a network. */
  constructor(from: readonly string[]) {
    this.#unix = from.includes('unix')
    for (const entry of from) if (entry !== 'unix') this.#add(entry)
  }

  has({ family, address }: Address): boolean {
    if (family === 'unix') return this.#unix
    return this.#list.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4')
  }

  #add(entry: string): void {
    const [network = '', prefix, ...rest] = entry.split('/')
    const version = isIP(network)
    const most = version === 6 ? 128 : 32
    const bits = prefix === undefined ? most : PREFIX.test(prefix) ? Number(prefix) : Number.NaN
    // A comparison with NaN is false.
    if (version === 0 || rest.length > 0 || !(bits <= most)) {
      throw new TypeError(`A proxy is an address or a network such as 10.0.0.0/8, not '${entry}'.`)
    }
    this.#list.addSubnet(network, bits, version === 6 ? 'ipv6' : 'ipv4')
  }
}

/**
 * Reads the header that a connection begins with, and puts what comes behind it back. Rejects when it is wrong, when it
 * does not come in time, and when the connection ends first.
 */
export function readProxyHeader(socket: Socket, deadlineMs: number): Promise<ProxyHeader> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0)
    const finish = (settle: () => void): void => {
      clearTimeout(deadline)
      socket.pause()
      socket.off('data', onData)
      socket.off('close', onClose)
      socket.off('end', onClose)
      settle()
    }
    const fail = (why: string): void => finish(() => reject(new Error(`PROXY header: ${why}`)))
    const deadline = setTimeout(() => fail(`nothing complete within ${deadlineMs} ms`), deadlineMs)
    const onClose = (): void => fail('the connection ended before it was complete')
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk])
      const result = parseProxyHeader(bytes)
      if (result.state === 'invalid') fail(result.why)
      else if (result.state === 'complete') {
        const { header } = result
        finish(() => {
          if (bytes.length > header.length) socket.unshift(bytes.subarray(header.length))
          resolve(header)
        })
      }
    }
    socket.on('data', onData)
    socket.on('close', onClose)
    socket.on('end', onClose)
    socket.resume()
  })
}
