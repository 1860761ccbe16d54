import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Command } from 'commander';

import { connectToSandbox, type ControlClient, type Tpp } from '../../sandbox/index.js';
import type { CommandContext } from '../command-context.js';

interface CreateFlags {
  readonly dataDir: string;
  readonly out?: string;
  readonly role: readonly string[];
  readonly redirectUri: readonly string[];
  readonly bank?: readonly string[];
  readonly country?: string;
  readonly profile: 'fapi1-advanced' | 'fapi2-security';
  readonly clientAuth: 'private_key_jwt' | 'tls_client_auth';
  readonly json?: boolean;
}

/** `sandbank tpp create NAME`: become a third party in one command. */
export function tppCommand(context: CommandContext, settle: (code: number) => void): Command {
  const tpp = new Command('tpp').description('Third parties of this ecosystem');
  tpp
    .command('create')
    .description('Organisation, software statement, keys, certificates and registrations, written to a folder')
    .argument('<name>', 'name of the third party, as customers will see it')
    .option('--out <folder>', 'where to write (default: the name)')
    .option('--role <role...>', 'AISP, PISP, CBPII', ['AISP', 'PISP'])
    .option('--redirect-uri <uri...>', 'where customers come back to', ['https://localhost:3000/callback'])
    .option('--country <code>', 'of its authority, as in its certificates: DE, FR, ... (default: GB)')
    .option('--bank <id...>', 'banks to register at (default: all)')
    .option('--profile <profile>', 'fapi2-security or fapi1-advanced', 'fapi2-security')
    .option('--client-auth <method>', 'private_key_jwt or tls_client_auth', 'private_key_jwt')
    .option('--data-dir <folder>', 'data directory of the running sandbox', '.sandbank')
    .option('--json', 'print the client configuration as JSON')
    .action(async (name: string, flags: CreateFlags) => {
      const output = context.output(flags);
      const control = connectToSandbox(resolve(flags.dataDir));
      try {
        output.progress('making keys and certificates, registering at the banks');
        const made = await control.post<Tpp>('/tpps', {
          name,
          roles: flags.role,
          redirectUris: flags.redirectUri,
          ...(flags.country !== undefined && { country: flags.country }),
          ...(flags.bank && { banks: flags.bank }),
          profile: flags.profile,
          clientAuthentication: flags.clientAuth,
        });
        const folder = resolve(
          flags.out ??
            (name
              .toLowerCase()
              .replace(/[^a-z0-9]+/g, '-')
              .replace(/^-|-$/g, '') ||
              'tpp'),
        );
        const configuration = writeClientFolder(folder, made, control);
        output.done(`${output.good('made')} ${name}: organisation ${made.organisationId}, software ${made.softwareId}`);
        output.data(
          configuration,
          `Written to ${folder}:\n  client.json  transport.key  transport.pem  signing.key  signing.pem  ca.pem`,
        );
        output.say(
          `\nWhat is in client.json is what openid-client and other libraries ask for; README.md shows the first call.`,
        );
        if (made.byCertificate.length > 0) {
          output.say(
            `${made.byCertificate.join(', ')}: nothing was registered. Connect with transport.pem (QWAC); seal messages with signing.key and signing.pem (QSEAL), named as \`seal.keyId\` says.`,
          );
        }
        settle(0);
      } finally {
        await control.close();
      }
    });
  return tpp;
}

function writeClientFolder(folder: string, tpp: Tpp, control: ControlClient): unknown {
  const files: Readonly<Record<string, string>> = {
    'transport.key': tpp.transport.privateKeyPem,
    'transport.pem': tpp.transport.chainPem,
    'signing.key': tpp.signing.privateKeyPem,
    'signing.pem': tpp.signing.certificatePem,
    'ca.pem': control.caPem,
  };
  const apisOf = (bank: string): unknown => control.ready.banks.find(({ id }) => id === bank)?.standards ?? [];
  const configuration = {
    name: tpp.name,
    organisationId: tpp.organisationId,
    organisationIdentifier: tpp.organisationIdentifier,
    softwareId: tpp.softwareId,
    redirectUris: tpp.redirectUris,
    signing: { alg: 'PS256', kid: tpp.signing.kid, keyFile: 'signing.key' },
    transport: { keyFile: 'transport.key', certificateFile: 'transport.pem', subjectDn: tpp.transport.subjectDn },
    // For message signatures of banks that know third parties by certificate.
    seal: {
      keyFile: 'signing.key',
      certificateFile: 'signing.pem',
      keyId: `SN=${tpp.signing.serial},CA=${tpp.signing.issuerDn}`,
    },
    caFile: 'ca.pem',
    registrations: tpp.registrations.map((registration) => ({
      ...registration,
      discovery: `${registration.issuer}/.well-known/openid-configuration`,
      apis: apisOf(registration.bank),
    })),
    byCertificate: tpp.byCertificate.map((bank) => ({ bank, apis: apisOf(bank) })),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, name), text, { mode: name.endsWith('.key') ? 0o600 : 0o644 });
  writeFileSync(join(folder, 'client.json'), `${JSON.stringify(configuration, null, 2)}\n`);
  return configuration;
}
