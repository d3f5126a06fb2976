import Alert from '@cloudscape-design/components/alert';
import { Component, type ReactNode } from 'react';

interface Props {
  readonly children: ReactNode;
}

/** Shows what broke in place of a page that cannot be drawn; what is around it stays. */
export class ErrorBoundary extends Component<Props, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { error } = this.state;
    if (!error) return this.props.children;
    return (
      <Alert type="error" header="The page cannot be drawn">
        {error.message}. Another page, or loading this one again, may work.
      </Alert>
    );
  }
}
