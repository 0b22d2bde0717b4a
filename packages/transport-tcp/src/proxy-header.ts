import { isIPv4, isIPv6 } from 'node:net'
import { type Address, ipAddress } from '@mudwire/core'
import { crc32c } from './crc32c.ts'
import { writtenAddress } from './written-address.ts'

/** What a PROXY protocol header says, version 1 or 2 (the HAProxy specification, 2.1 to 2.2). */
export interface ProxyHeader {
  /** How many bytes it takes; what comes behind it is the connection's own. */
  readonly length: number
  /** Undefined where the proxy speaks for itself (LOCAL, UNKNOWN): then the connection's own addresses are right. */
  readonly source: Address | undefined
  readonly destination: Address | undefined
  readonly authority?: string
  /** The client reached the proxy over TLS. */
  readonly secure?: boolean
}

export type ProxyHeaderResult =
  | { readonly state: 'complete'; readonly header: ProxyHeader }
  | { readonly state: 'incomplete' }
  | { readonly state: 'invalid'; readonly why: string }

const INCOMPLETE: ProxyHeaderResult = { state: 'incomplete' }

const V1_START = Buffer.from('PROXY ')
/** The longest line that version 1 allows, with its line end. */
const V1_LONGEST = 107
const V2_START = Buffer.from([0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a])
const V2_FIXED = 16
/** More than any proxy has to say. */
const V2_LONGEST = 4 * 1024

/** Reads a header at the beginning of a connection; never guesses: what does not begin like one is invalid. */
export function parseProxyHeader(bytes: Buffer): ProxyHeaderResult {
  const start = bytes[0] === V2_START[0] ? V2_START : V1_START
  const seen = Math.min(bytes.length, start.length)
  if (!bytes.subarray(0, seen).equals(start.subarray(0, seen)))
    return invalid('it does not begin with a PROXY header')
  if (seen < start.length) return INCOMPLETE
  return start === V2_START ? parseVersion2(bytes) : parseVersion1(bytes)
}

function parseVersion1(bytes: Buffer): ProxyHeaderResult {
  const line = bytes.subarray(0, V1_LONGEST)
  const end = line.indexOf('\r\n')
  if (end < 0) {
    return line.length < V1_LONGEST && !hasBareLineEnd(line) ? INCOMPLETE : invalid('its line has no end')
  }
  const [, family = '', source = '', destination = '', sourcePort = '', destinationPort = '', ...more] = line
    .toString('latin1', 0, end)
    .split(' ')
  if (family === 'UNKNOWN') return complete({ length: end + 2, source: undefined, destination: undefined })
  const isAddress = family === 'TCP4' ? isIPv4 : family === 'TCP6' ? isIPv6 : undefined
  if (!isAddress) return invalid('its family is unknown')
  const [fromPort, toPort] = [portOf(sourcePort), portOf(destinationPort)]
  if (fromPort === undefined || toPort === undefined) return invalid('its ports are none')
  const from = isAddress(source) ? writtenAddress(source, fromPort) : undefined
  const to = isAddress(destination) ? writtenAddress(destination, toPort) : undefined
  if (!from || !to || more.length > 0) return invalid('its addresses are none')
  return complete({ length: end + 2, source: from, destination: to })
}

/** A CR that is the last byte so far may still get its LF. */
function hasBareLineEnd(line: Buffer): boolean {
  const cr = line.indexOf('\r')
  return line.includes('\n') || (cr >= 0 && cr < line.length - 1)
}

function portOf(text: string): number | undefined {
  const port = /^(0|[1-9]\d{0,4})$/.test(text) ? Number(text) : Number.NaN
  return port <= 65_535 ? port : undefined
}

function parseVersion2(bytes: Buffer): ProxyHeaderResult {
  if (bytes.length < V2_FIXED) return INCOMPLETE
  const versionAndCommand = bytes.readUInt8(12)
  const familyAndProtocol = bytes.readUInt8(13)
  const length = V2_FIXED + bytes.readUInt16BE(14)
  const command = versionAndCommand & 0x0f
  if (versionAndCommand >> 4 !== 2 || command > 1) return invalid('its version or command is unknown')
  if (length > V2_LONGEST) return invalid('it is too long')
  if (bytes.length < length) return INCOMPLETE
  const body = bytes.subarray(V2_FIXED, length)
  const addresses = addressesOf(familyAndProtocol, body)
  if (typeof addresses === 'string') return invalid(addresses)
  const extensions = extensionsOf(body.subarray(addresses.size), bytes.subarray(0, length))
  if (typeof extensions === 'string') return invalid(extensions)
  const proxied = command === 1
  return complete({
    length,
    source: proxied ? addresses.source : undefined,
    destination: proxied ? addresses.destination : undefined,
    ...extensions,
  })
}

interface Addresses {
  readonly size: number
  readonly source: Address | undefined
  readonly destination: Address | undefined
}

/** Family and protocol in one byte, as the specification writes them. */
const UNSPECIFIED = 0x00
const TCP4 = 0x11
const TCP6 = 0x21
const UNIX_STREAM = 0x31

function addressesOf(familyAndProtocol: number, body: Buffer): Addresses | string {
  switch (familyAndProtocol) {
    case UNSPECIFIED:
      return { size: body.length, source: undefined, destination: undefined }
    case TCP4:
      if (body.length < 12) return 'it is too short for its addresses'
      return {
        size: 12,
        source: ipAddress(body.subarray(0, 4).join('.'), body.readUInt16BE(8)),
        destination: ipAddress(body.subarray(4, 8).join('.'), body.readUInt16BE(10)),
      }
    case TCP6:
      if (body.length < 36) return 'it is too short for its addresses'
      return {
        size: 36,
        source: writtenAddress(ipv6(body.subarray(0, 16)), body.readUInt16BE(32)),
        destination: writtenAddress(ipv6(body.subarray(16, 32)), body.readUInt16BE(34)),
      }
    case UNIX_STREAM:
      if (body.length < 216) return 'it is too short for its addresses'
      return {
        size: 216,
        source: unixAddress(body.subarray(0, 108)),
        destination: unixAddress(body.subarray(108, 216)),
      }
    default:
      return 'its family or protocol is not one of a stream'
  }
}

function ipv6(bytes: Buffer): string {
  return Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16)).join(':')
}

function unixAddress(bytes: Buffer): Address {
  const end = bytes.indexOf(0)
  const path = bytes.toString('utf8', 0, end < 0 ? bytes.length : end)
  return { family: 'unix', address: path }
}

const TYPE_AUTHORITY = 0x02
const TYPE_CRC32C = 0x03
const TYPE_SSL = 0x20
const SSL_CLIENT = 0x01

/** The type-length-values behind the addresses, or what is wrong with them. */
function extensionsOf(tlvs: Buffer, header: Buffer): Pick<ProxyHeader, 'authority' | 'secure'> | string {
  let extensions: Pick<ProxyHeader, 'authority' | 'secure'> = {}
  for (let at = 0; at < tlvs.length; ) {
    if (tlvs.length - at < 3) return 'an extension is cut off'
    const type = tlvs.readUInt8(at)
    const value = tlvs.subarray(at + 3, at + 3 + tlvs.readUInt16BE(at + 1))
    if (value.length < tlvs.readUInt16BE(at + 1)) return 'an extension is cut off'
    if (type === TYPE_AUTHORITY) extensions = { ...extensions, authority: value.toString('utf8') }
    else if (type === TYPE_SSL && value.length > 0) {
      extensions = { ...extensions, secure: (value.readUInt8(0) & SSL_CLIENT) !== 0 }
    } else if (type === TYPE_CRC32C && !checksumHolds(header, value)) return 'its checksum is wrong'
    at += 3 + value.length
  }
  return extensions
}

/** The checksum was made of the whole header with zeros in the checksum's own place. */
function checksumHolds(header: Buffer, value: Buffer): boolean {
  if (value.length !== 4) return false
  const copy = Buffer.from(header)
  const at = value.byteOffset - header.byteOffset
  copy.fill(0, at, at + 4)
  return crc32c(copy) === value.readUInt32BE(0)
}

function complete(header: ProxyHeader): ProxyHeaderResult {
  return { state: 'complete', header }
}

function invalid(why: string): ProxyHeaderResult {
  return { state: 'invalid', why }
}
