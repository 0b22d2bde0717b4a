import { parseArgs } from 'node:util'

/** How the server is run. */
export interface ServerOptions {
  readonly host: string
  readonly telnetPort: number
  readonly httpPort: number
  readonly servicesPortBase: number
  /** The path of the file of accounts. */
  readonly accounts: string
}

/** What the command line asks for. */
export type Invocation =
  | { readonly run: 'server'; readonly options: ServerOptions }
  | { readonly run: 'help' | 'version' }
  | { readonly run: 'nothing'; readonly why: string }

interface Setting {
  readonly flag: string
  readonly variable: string
  readonly fallback: string
  readonly help: string
}

/** Every setting has a flag and an environment variable; the flag wins. */
const SETTINGS = {
  host: {
    flag: 'host',
    variable: 'MUDWIRE_HOST',
    fallback: '127.0.0.1',
    help: 'the address to listen on; 0.0.0.0 is every IPv4 address of this machine',
  },
  telnetPort: {
    flag: 'telnet-port',
    variable: 'MUDWIRE_TELNET_PORT',
    fallback: '4000',
    help: 'the port for telnet and MUD clients',
  },
  httpPort: {
    flag: 'http-port',
    variable: 'MUDWIRE_HTTP_PORT',
    fallback: '8080',
    help: 'the port for browsers',
  },
  servicesPortBase: {
    flag: 'services-port-base',
    variable: 'MUDWIRE_SERVICES_PORT_BASE',
    fallback: '7000',
    help: 'the small services listen on this port plus their own: echo on 7 more, daytime on 13 more',
  },
  accounts: {
    flag: 'accounts',
    variable: 'MUDWIRE_ACCOUNTS',
    fallback: 'mudwire-accounts.json',
    help: 'the file in which names and passwords are kept; it is made with the first account',
  },
} as const satisfies Record<keyof ServerOptions, Setting>

/** The highest port that is added to the base. */
const HIGHEST_SERVICE = 13

/** Reads the command line and the environment. */
export function readOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Invocation {
  const flags = Object.fromEntries(
    Object.values(SETTINGS).map(({ flag }) => [flag, { type: 'string' as const }]),
  )
  let values: Record<string, string | boolean | undefined>
  try {
    ;({ values } = parseArgs({
      args: [...args],
      options: { ...flags, help: { type: 'boolean', short: 'h' }, version: { type: 'boolean', short: 'v' } },
    }))
  } catch (error) {
    return { run: 'nothing', why: (error as Error).message }
  }
  if (values.help) return { run: 'help' }
  if (values.version) return { run: 'version' }

  const read = ({
    flag,
    variable,
    fallback,
  }: Setting): { readonly text: string; readonly source: string } => {
    const given = values[flag]
    if (typeof given === 'string') return { text: given, source: `--${flag}` }
    const fromEnvironment = environment[variable]
    return fromEnvironment
      ? { text: fromEnvironment, source: variable }
      : { text: fallback, source: `--${flag}` }
  }
  const port = (setting: Setting, highest: number): number => {
    const { text, source } = read(setting)
    const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
    if (value >= 0 && value <= highest) return value
    throw new RangeError(`${source} is a port from 0 to ${highest}, not '${text}'.`)
  }
  try {
    return {
      run: 'server',
      options: {
        host: read(SETTINGS.host).text,
        telnetPort: port(SETTINGS.telnetPort, 65_535),
        httpPort: port(SETTINGS.httpPort, 65_535),
        servicesPortBase: port(SETTINGS.servicesPortBase, 65_535 - HIGHEST_SERVICE),
        accounts: read(SETTINGS.accounts).text,
      },
    }
  } catch (error) {
    return { run: 'nothing', why: (error as Error).message }
  }
}

/** What `--help` prints. */
export function helpText(): string {
  const settings = Object.values(SETTINGS).map(({ flag, variable, fallback, help }) => {
    return `  --${flag} VALUE\n      ${help}\n      (${variable}; default ${fallback})`
  })
  return [
    'mudwire: hosts a small world for browsers and telnet clients.',
    '',
    'Usage: mudwire [options]',
    '',
    'Options:',
    ...settings,
    '  -h, --help\n      says this',
    '  -v, --version\n      says which version this is',
    '',
    'Port 0 means any free port. SIGINT or SIGTERM tells everybody and stops the server.',
  ].join('\n')
}
