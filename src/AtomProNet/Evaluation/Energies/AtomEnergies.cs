using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using AtomProNet.Datasets;
using AtomProNet.Structures;
using AtomProNet.Text;

namespace AtomProNet.Evaluation.Energies;

/// <summary>An energy for one atom of each element, eV: a chemical potential, or a free atom. Immutable.</summary>
public sealed class AtomEnergies
{
    private AtomEnergies(ImmutableSortedDictionary<Element, (double Energy, Frame? Frame)> entries) => Entries = entries;

    /// <summary>None.</summary>
    public static AtomEnergies Empty { get; } = new(ImmutableSortedDictionary<Element, (double, Frame?)>.Empty);

    /// <summary>The energy of each element, and the frame that it comes from; null where it was given as a number.</summary>
    public ImmutableSortedDictionary<Element, (double Energy, Frame? Frame)> Entries { get; }

    /// <summary>Numbers by element symbol, as a table of PowerShell holds them.</summary>
    /// <exception cref="AtomProNetException">A key is no element, or a value no number.</exception>
    public static AtomEnergies FromTable(IDictionary table)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<Element, (double, Frame?)>();
        foreach (DictionaryEntry entry in table)
        {
            string symbol = Convert.ToString(entry.Key, CultureInfo.InvariantCulture) ?? "";
            if (!Element.TryFromSymbol(symbol, out Element? element))
            {
                throw new AtomProNetException(ErrorKind.InvalidArgument, "ElementUnknown", "There is no such element.", value: symbol, remedy: "Write the energies as @{Al=-3.74; O=-4.93}, in eV per atom.");
            }

            double energy = GivenNumber.Of(entry.Value)
                ?? throw new AtomProNetException(ErrorKind.InvalidArgument, "EnergyNotANumber", $"The energy of {symbol} is not a number.", value: GivenNumber.Shown(entry.Value), remedy: "Give it in eV per atom, with a decimal point: @{Al=-3.74}.");
            entries[element] = double.IsFinite(energy) ? (energy, null) : throw new AtomProNetException(ErrorKind.InvalidArgument, "EnergyNotANumber", $"The energy of {symbol} is not a finite number.");
        }

        return new(entries.ToImmutable());
    }

    /// <summary>E/N of frames that each hold one element only (a bulk metal, an O₂ molecule); of several of one element, the lowest.</summary>
    /// <exception cref="AtomProNetException">A frame holds more than one element, or lacks the energy.</exception>
    public static AtomEnergies FromElements(IEnumerable<Frame> frames, EnergyKind kind)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<Element, (double Energy, Frame?)>();
        foreach (Frame frame in frames)
        {
            Composition composition = frame.Structure.Composition;
            if (composition.Counts.Count != 1)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameNotElemental", $"The frame {FrameSeries.Describe(frame)} does not hold one element only.", value: composition.Formula, remedy: "Give the elements themselves (Al bulk, an O2 molecule), or chemical potentials as numbers.");
            }

            Element element = composition.Counts.Keys.First();
            double energy = EnergyLabels.Of(frame, kind, $"elemental {element.Symbol}") / composition.AtomCount;
            if (!entries.TryGetValue(element, out var known) || energy < known.Energy)
            {
                entries[element] = (energy, frame);
            }
        }

        return new(entries.ToImmutable());
    }

    /// <summary>The energies of free atoms: frames of one atom that feels nothing else (New-IsolatedAtom).</summary>
    /// <exception cref="AtomProNetException">A frame is no isolated atom, one element has two, or the energy is missing.</exception>
    public static AtomEnergies FromIsolatedAtoms(IEnumerable<Frame> frames, EnergyKind kind)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<Element, (double Energy, Frame?)>();
        foreach (Frame frame in frames)
        {
            if (!FrameAdmission.IsIsolatedAtom(frame.Structure))
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FrameNotIsolatedAtom", $"The frame {FrameSeries.Describe(frame)} is no single atom that is 8 Å or more away from its images.", value: frame.Structure.ToString(), remedy: "Compute free atoms with New-IsolatedAtom.");
            }

            Element element = frame.Structure.Species[0];
            double energy = EnergyLabels.Of(frame, kind, $"the free atom {element.Symbol}");
            if (entries.TryGetValue(element, out var known) && known.Energy != energy)
            {
                throw new AtomProNetException(ErrorKind.InvalidData, "FreeAtomTwice", string.Create(CultureInfo.InvariantCulture, $"There are two free atoms of {element.Symbol} with different energies ({known.Energy} and {energy} eV)."), remedy: "Give one for each element: the ground state.");
            }

            entries[element] = (energy, frame);
        }

        return new(entries.ToImmutable());
    }

    /// <summary>These, and for elements that they lack those of the other.</summary>
    public AtomEnergies Or(AtomEnergies other) => new(other.Entries.SetItems(Entries));

    /// <summary>The energy of an element, eV per atom.</summary>
    /// <exception cref="AtomProNetException">There is none.</exception>
    internal double this[Element element, string what, string remedy] => Entries.TryGetValue(element, out var entry)
        ? entry.Energy
        : throw new AtomProNetException(ErrorKind.NotFound, "AtomEnergyMissing", $"There is no {what} of {element.Symbol}.", value: element.Symbol, remedy: remedy);
}
