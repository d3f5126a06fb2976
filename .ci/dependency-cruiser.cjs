// Import directions: cli and local/server -> local/engine -> local/asl -> nothing; functions and stacks never import local.
const from = (path, to, why) => ({ name: why, severity: 'error', from: { path }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
    from('^(functions|stacks|statemachine)/', '^(local|cli|tests)/', 'the product never imports its guests'),
    from('^functions/', '^(stacks|statemachine)/', 'functions know no deployment'),
    from('^local/', '^(functions|stacks|statemachine|cli|tests)/', 'the local runtime knows nothing of the pipeline'),
    {
      name: 'the interpreter is pure',
      severity: 'error',
      from: { path: '^local/asl/' },
      to: { pathNot: '^(local/(asl|history)/|node_modules/(jsonata|re2js)/|crypto$)' },
    },
    {
      name: "the console's model is pure",
      severity: 'error',
      from: { path: '^local/console/model/' },
      to: { pathNot: '^local/(console/model/|console/settings|asl/(retry|errors))|^node_modules/@dagrejs/' },
    },
    {
      name: 'the page knows no server',
      severity: 'error',
      from: { path: '^local/console/ui/' },
      // Of the server, only how it words what is wrong with a JSON text.
      to: { path: '^local/', pathNot: '^local/(console/(ui|model)/|console/settings|server/json-text)' },
    },
    from('^local/(history|tasks|store|bedrock)/', '^local/(engine|server)/', 'parts do not know the whole'),
    {
      name: 'declared packages only',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'unknown'] },
    },
    {
      name: 'the product imports no tool',
      severity: 'error',
      from: { path: '^(functions|stacks|statemachine|local|cli)/' },
      to: {
        path: '^node_modules/(@biomejs|@jest|@swc|asl-validator|aws-sdk-client-mock|dependency-cruiser|jest|typescript)/',
      },
    },
    {
      name: 'the package needs the CDK only',
      severity: 'error',
      from: { path: '^(stacks|statemachine)/', pathNot: '^stacks/app[.]ts$' },
      to: { path: '^node_modules/', pathNot: '^node_modules/(aws-cdk-lib|constructs)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
