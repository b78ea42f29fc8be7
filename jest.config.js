/** Tests run the TypeScript as it is: types are stripped, nothing is compiled or bundled. */
const shared = {
  transform: { '\\.ts$': './test/support/strip-types.js' },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
};

export default {
  testTimeout: 30_000,
  // The tests wait for servers and sockets more than they compute: on two cores, two files at a time.
  maxWorkers: 2,
  projects: [
    { ...shared, displayName: 'architecture', testMatch: ['<rootDir>/test/architecture.test.ts'] },
    {
      ...shared,
      displayName: 'accord',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['<rootDir>/test/architecture.test.ts'],
      globalSetup: '<rootDir>/test/support/start-server.ts',
      globalTeardown: '<rootDir>/test/support/stop-server.ts',
    },
  ],
};
