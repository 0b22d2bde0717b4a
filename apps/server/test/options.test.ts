import { describe, expect, it } from 'vitest'
import { readOptions } from '../src/options.ts'

describe('the options', () => {
  it('have defaults that play at once', () => {
    expect(readOptions([], {})).toEqual({
      run: 'server',
      options: {
        host: '127.0.0.1',
        telnetPort: 4000,
        httpPort: 8080,
        servicesPortBase: 7000,
        accounts: 'mudwire-accounts.json',
      },
    })
  })

  it('come from the environment, and from flags first', () => {
    const environment = {
      MUDWIRE_HOST: '::1',
      MUDWIRE_TELNET_PORT: '1',
      MUDWIRE_HTTP_PORT: '2',
      MUDWIRE_SERVICES_PORT_BASE: '0',
      MUDWIRE_ACCOUNTS: 'a.json',
    }
    expect(readOptions(['--http-port', '3'], environment)).toEqual({
      run: 'server',
      options: { host: '::1', telnetPort: 1, httpPort: 3, servicesPortBase: 0, accounts: 'a.json' },
    })
  })

  it.each([
    [['-h'], 'help'],
    [['--help', '--telnet-port', 'x'], 'help'],
    [['--version'], 'version'],
    [['-v'], 'version'],
  ] as const)('%j asks for something else', (args, run) => {
    expect(readOptions(args, {})).toEqual({ run })
  })

  it.each(['', '1.5', '-1', '65536', '0x10', ' 1'])('take no port that is none: %j', (text) => {
    const invocation = readOptions([`--telnet-port=${text}`], {})
    expect(invocation).toMatchObject({
      run: 'nothing',
      why: `--telnet-port is a port from 0 to 65535, not '${text}'.`,
    })
  })
})
