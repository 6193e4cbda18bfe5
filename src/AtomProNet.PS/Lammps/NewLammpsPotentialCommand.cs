using System.Collections;
using System.Globalization;
using System.Management.Automation;
using AtomProNet.Lammps.Potentials;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Lammps;

/// <summary>Describes a potential for LAMMPS: its kind, and the files or the model that hold its parameters.</summary>
[Cmdlet(VerbsCommon.New, "LammpsPotential", DefaultParameterSetName = FileSet, HelpUri = HelpPages.Root + "New-LammpsPotential.md")]
[OutputType(typeof(LammpsPotential))]
public sealed class NewLammpsPotentialCommand : PSCmdlet
{
    private const string FileSet = "Path";
    private const string ModelSet = "Model";

    /// <summary>The kind: eam/alloy, tersoff, sw, comb3, reaxff, snap, pace, mace, allegro, nequip, deepmd, streitz, kim … or commands.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FileSet)]
    [ArgumentCompleter(typeof(PotentialKindCompleter))]
    public string Kind { get; set; } = "";

    /// <summary>Its files, in the order that the kind takes them.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = FileSet)]
    public string[] Path { get; set; } = [];

    /// <summary>The name of a KIM model.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ModelSet)]
    public string Model { get; set; } = "";

    /// <summary>The elements in the order of the atom types, where the files demand one.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ElementCompleter))]
    [ValidateNotNull]
    public string[] Element { get; set; } = [];

    /// <summary>Charges are equilibrated every so many steps. Default 1.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [Numbers(AreWhole = true)]
    public int ChargeInterval { get; set; } = 1;

    /// <summary>Values of the kind's parameters: @{tolerance='1e-4'}.</summary>
    [Parameter]
    public Hashtable? Parameter { get; set; }

    /// <summary>A short name for tables and reports. Default: the file's or the model's.</summary>
    [Parameter]
    public string? Name { get; set; }

    protected override void EndProcessing()
    {
        try
        {
            LammpsPotential potential = LammpsPotential.Create(
                ParameterSetName == ModelSet ? "kim" : Kind,
                ParameterSetName == ModelSet ? [] : Path,
                ParameterSetName == ModelSet ? Model : null,
                [.. Element.Select(Structures.Element.FromSymbol)],
                ChargeInterval,
                Texts(Parameter),
                Name);
            potential = PotentialPaths.Located(this, potential);
            if (potential.Kind.Note is { } note)
            {
                WriteVerbose(note);
            }

            WriteObject(potential);
        }
        catch (Exception e) when (ErrorRecords.IsItemError(e))
        {
            WriteError(ErrorRecords.From(e, ParameterSetName == ModelSet ? Model : Kind));
        }
    }

    private static Dictionary<string, string>? Texts(Hashtable? table) => table?.Keys.Cast<object>().ToDictionary(
        key => Convert.ToString(key, CultureInfo.InvariantCulture)!,
        key => Convert.ToString(table[key] is PSObject wrapped ? wrapped.BaseObject : table[key], CultureInfo.InvariantCulture) ?? "",
        StringComparer.OrdinalIgnoreCase);
}
