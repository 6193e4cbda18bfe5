using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;

namespace AtomProNet.PS.Vasp;

/// <summary>Makes single atoms in a box, whose energies are the zero that a potential counts from. New-VaspInput and New-QEInput know how to compute them.</summary>
[Cmdlet(VerbsCommon.New, "IsolatedAtom", DefaultParameterSetName = ElementSet, HelpUri = HelpPages.Root + "New-IsolatedAtom.md")]
[OutputType(typeof(Structure))]
public sealed class NewIsolatedAtomCommand : PSCmdlet
{
    private const string ElementSet = "Element";
    private const string StructureSet = "Structure";

    private readonly HashSet<Element> made = [];

    /// <summary>The symbols of the elements, such as Al, O.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ElementSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ElementCompleter))]
    public string[] Element { get; set; } = [];

    /// <summary>Structures whose elements are wanted; a frame gives its structure. Each element is made once.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, ParameterSetName = StructureSet)]
    [Alias("InputObject")]
    public Structure Structure { get; set; } = null!;

    /// <summary>The shortest edge of the box in Å, at least 12 (default); the others are 1 and 2 Å longer.</summary>
    [Parameter]
    [ValidateRange(IsolatedAtoms.MinimumEdge, 100.0)]
    [Numbers]
    public double BoxEdge { get; set; } = IsolatedAtoms.MinimumEdge;

    protected override void ProcessRecord()
    {
        if (ParameterSetName == StructureSet)
        {
            foreach (Element element in Structure.Composition.Elements)
            {
                Make(element);
            }

            return;
        }

        foreach (string symbol in Element)
        {
            try
            {
                Make(Structures.Element.FromSymbol(symbol));
            }
            catch (Exception e) when (ErrorRecords.IsItemError(e))
            {
                WriteError(ErrorRecords.From(e, symbol));
            }
        }
    }

    private void Make(Element element)
    {
        if (made.Add(element))
        {
            WriteObject(IsolatedAtoms.Create(element, BoxEdge));
        }
    }
}
