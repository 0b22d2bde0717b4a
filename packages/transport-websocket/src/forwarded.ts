import type { IncomingHttpHeaders } from 'node:http'
import type { Address, ProxyFacts } from '@mudwire/core'
import { TrustedProxies, writtenAddress } from '@mudwire/transport-tcp/internal'
import type { ForwardedOptions } from './websocket-options.ts'

/** Who the peer is, by the word of proxies that are believed. */
export interface Forwarded {
  readonly remote: Address
  /** The proxy that was reached; undefined where there is none. */
  readonly proxy: ProxyFacts | undefined
}

/** Reads who the peer is from the header in which proxies say it. */
export class ForwardedHeader {
  readonly #trusted: TrustedProxies
  readonly #header: 'x-forwarded-for' | 'forwarded'

  /** Throws a TypeError for a proxy that is neither an address nor a network. */
  constructor({ from, header = 'x-forwarded-for' }: ForwardedOptions) {
    this.#trusted = new TrustedProxies(from)
    this.#header = header
  }

  /**
   * Every proxy adds whom it heard from on the right. So the right end is the word of the proxy that was reached; what
   * stands left of the first one that is not trusted may have been invented by the client.
   */
  read(network: Address, headers: IncomingHttpHeaders): Forwarded {
    if (!this.#trusted.has(network)) return { remote: network, proxy: undefined }
    let remote = network
    for (const hop of this.#hops(headers).reverse()) {
      const address = addressOf(hop)
      // `unknown` and hidden names are allowed, and say no more than that.
      if (!address) break
      remote = address
      if (!this.#trusted.has(address)) break
    }
    const secure = this.#isSecure(headers)
    return { remote, proxy: Object.freeze({ address: network, ...(secure !== undefined && { secure }) }) }
  }

  #hops(headers: IncomingHttpHeaders): string[] {
    const text = String(headers[this.#header] ?? '')
    if (text === '') return []
    if (this.#header === 'x-forwarded-for') return text.split(',')
    return text.split(',').map((element) => /(?:^|;)\s*for=("[^"]*"|[^;]*)/i.exec(element)?.[1] ?? '')
  }

  #isSecure(headers: IncomingHttpHeaders): boolean | undefined {
    const text = String(headers[this.#header === 'forwarded' ? 'forwarded' : 'x-forwarded-proto'] ?? '')
    const last = text.split(',').pop()?.trim() ?? ''
    const scheme = this.#header === 'forwarded' ? /(?:^|;)\s*proto="?([a-z]+)/i.exec(last)?.[1] : last
    return scheme ? /^(https|wss)$/i.test(scheme) : undefined
  }
}

const LARGEST_PORT = 65_535

/** An address as these headers write it: `192.0.2.1`, `192.0.2.1:8080`, `"[2001:db8::1]:8080"`, `2001:db8::1`. */
function addressOf(hop: string): Address | undefined {
  const text = hop.trim().replace(/^"(.*)"$/, '$1')
  const [, bracketed, plain, port = '0'] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? []
  const address = bracketed ?? plain ?? text
  return Number(port) > LARGEST_PORT ? undefined : writtenAddress(address, Number(port))
}
