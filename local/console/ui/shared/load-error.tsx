import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

/** An error in place of what could not be loaded. */
export function LoadError({ what, error, retry }: { what: string; error: Error; retry: () => void }) {
  return (
    <Alert
      type="error"
      header={`${what} cannot be shown: ${error.name}`}
      action={<Button onClick={retry}>Try again</Button>}
    >
      {error.message}
    </Alert>
  );
}
