import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

interface CopyTextProps {
  readonly text: string;
  /** What it is, as in "Copy the ARN". */
  readonly what: string;
  /** The button alone, beside what is shown already. */
  readonly isIcon?: boolean;
}

/** A text to copy. */
export function CopyText({ text, what, isIcon }: CopyTextProps) {
  return (
    <CopyToClipboard
      variant={isIcon ? 'icon' : 'inline'}
      textToCopy={text}
      copyButtonAriaLabel={`Copy ${what}`}
      copySuccessText="Copied"
      copyErrorText="The browser did not allow it"
    />
  );
}
