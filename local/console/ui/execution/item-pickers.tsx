import Select from '@cloudscape-design/components/select';
import { type MapItems, mapItems } from '../../model/items.ts';
import type { Iteration, Run } from '../../model/steps.ts';
import { STEP_STATUS } from '../shared/status.tsx';
import { selectItem, useSelected } from './selection.ts';

/** Which item of each Map is looked at. */
export function ItemPickers({ run }: { run: Run }) {
  const { items } = useSelected();
  const maps = mapItems(run, items).filter(({ iterations }) => iterations.length > 0);
  if (maps.length === 0) return null;
  return (
    <div className="pickers">
      {maps.map((map) => (
        <ItemPicker key={map.step.name} map={map} chosen={items[map.step.name]} />
      ))}
    </div>
  );
}

function ItemPicker({ map, chosen }: { map: MapItems; chosen: number | undefined }) {
  const { step, iterations } = map;
  const all = {
    value: '',
    label: `All ${(step.items ?? iterations.length).toLocaleString('en')} items`,
    description: wordCounts(map),
  };
  const options = [all, ...iterations.map(toOption)];
  return (
    <div>
      <span id={`items-${step.id}`}>Items of {step.name}</span>
      <Select
        ariaLabelledby={`items-${step.id}`}
        options={options}
        selectedOption={options.find(({ value }) => value === String(chosen ?? '')) ?? all}
        filteringType="auto"
        filteringPlaceholder="Index or status"
        filteringAriaLabel="Find items by index or status"
        virtualScroll
        onChange={({ detail }) =>
          selectItem(step.name, detail.selectedOption.value ? Number(detail.selectedOption.value) : undefined)
        }
      />
    </div>
  );
}

function toOption({ index, outcome }: Iteration) {
  const { label, glyph } = STEP_STATUS[outcome];
  return { value: String(index), label: `Item ${index}`, description: `${glyph} ${label}` };
}

function wordCounts({ counts, pending }: MapItems): string {
  const parts = Object.entries(counts).map(
    ([outcome, number]) =>
      `${number.toLocaleString('en')} ${STEP_STATUS[outcome as keyof typeof counts].label.toLowerCase()}`,
  );
  return [...parts, ...(pending > 0 ? [`${pending.toLocaleString('en')} pending`] : [])].join(', ');
}
