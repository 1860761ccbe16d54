/** Bare oidc-provider with its own storage in memory: what an authorization server costs before it is ours. */
import Provider from 'oidc-provider';

const provider = new Provider('http://localhost:3000', {
  clients: [
    {
      client_id: 'bench',
      client_secret: 'bench',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
  ],
  features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
});
const server = provider.listen(0, '127.0.0.1', () => {
  console.log(`port ${server.address().port}`);
});
