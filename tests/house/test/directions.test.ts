import { describe, expect, it } from 'vitest'
import { importsOf, packages, sources } from './workspace.ts'

/*
 * Arrows point one way: apps → mudlib → session, telnet, efuns → core ← transports. Core knows no transport by name; a
 * transport knows nothing of owners; a mudlib never imports a transport; only the server puts names to them.
 */

/** Which packages of ours a package may import, by the folder it lives in; the first that matches counts. */
const RULES: readonly (readonly [folder: RegExp, mayImport: RegExp])[] = [
  [/^packages\/core$/, /^$/],
  // WebSocket listens with the same admission, PROXY header and certificates as TCP does.
  [/^packages\/transport-websocket$/, /^@mudwire\/(core(\/(memory|internal))?|transport-tcp(\/internal)?)$/],
  [/^packages\/transport-/, /^@mudwire\/core(\/(memory|internal))?$/],
  // What carries MudOS's modes unless it is told otherwise.
  [/^packages\/efuns$/, /^@mudwire\/(core(\/(memory|internal))?|transport-(tcp|udp))$/],
  // It knows a terminal from plain facts, whoever tells them.
  [/^packages\/text$/, /^$/],
  [/^packages\/(session|telnet)$/, /^@mudwire\/core(\/(memory|internal))?$/],
  [/^packages\/mudlib-/, /^@mudwire\/(core|session|telnet|text|efuns)(\/.+)?$/],
  [/^apps\/web-client$/, /^$/],
  [/^apps\/server$/, /^@mudwire\/.+$/],
]

const isOurs = (specifier: string): boolean => specifier.startsWith('@mudwire/')

describe('imports point one way', () => {
  it.each(packages())('in $folder', ({ folder, manifest }) => {
    const rule = RULES.find(([pattern]) => pattern.test(folder))
    expect(rule, `${folder} needs a rule of its own`).toBeDefined()
    const [, mayImport] = rule as [RegExp, RegExp]
    const imported = sources(`${folder}/src`).flatMap((file) =>
      importsOf(file)
        .filter(isOurs)
        .filter((specifier) => !mayImport.test(specifier))
        .map((specifier) => `${file} imports ${specifier}`),
    )
    expect(imported).toEqual([])
    const declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter(isOurs)
    expect(declared.filter((name) => !mayImport.test(name))).toEqual([])
  })

  it('and never reach into another package past its exports', () => {
    const outside = packages().flatMap(({ folder }) =>
      sources(`${folder}/src`).flatMap((file) => {
        const depth = file.split('/').length - folder.split('/').length - 1
        return importsOf(file)
          .filter((specifier) => specifier.startsWith('../'.repeat(depth + 1)))
          .map((specifier) => `${file} imports ${specifier}`)
      }),
    )
    expect(outside).toEqual([])
  })
})

describe('core', () => {
  it('has no dependency and imports nothing but itself', () => {
    const core = packages().find(({ folder }) => folder === 'packages/core')
    expect(core?.manifest.dependencies).toBeUndefined()
    expect(core?.manifest.peerDependencies).toBeUndefined()
    const foreign = sources('packages/core/src').flatMap((file) =>
      importsOf(file).filter((specifier) => !specifier.startsWith('.')),
    )
    expect(foreign).toEqual([])
  })
})

it('transports take core as a peer: two copies of it would be two registries of owners', () => {
  const transports = packages().filter(({ folder }) => folder.startsWith('packages/transport-'))
  expect(transports.length).toBeGreaterThan(1)
  for (const { manifest } of transports) {
    expect(manifest.peerDependencies, manifest.name).toHaveProperty('@mudwire/core')
    expect(manifest.dependencies ?? {}, manifest.name).not.toHaveProperty('@mudwire/core')
  }
})
