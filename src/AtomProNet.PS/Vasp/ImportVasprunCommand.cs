using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.PS.Vasp;

/// <summary>Import-Vasprun: the frames of VASP's vasprun.xml files.</summary>
[Cmdlet(VerbsData.Import, "Vasprun", DefaultParameterSetName = "Path", HelpUri = HelpPages.Root + "Import-Vasprun.md")]
[OutputType(typeof(Frame))]
public sealed class ImportVasprunCommand : ImportFrameCommand
{
    /// <summary>Lets frames of a machine-learned force field (ML_FF) through; they stay marked.</summary>
    [Parameter]
    public SwitchParameter IncludeMachineLearned { get; set; }

    private protected override FrameSelection Selection => new(IonicStep, IncludeUnconverged, IncludeMachineLearned);

    private protected override string WantedNames => "vasprun.xml";

    private protected override bool IsWanted(string fileName) => VaspFileNames.IsVasprun(fileName);

    private protected override IFrameReader Open(string file) => VasprunReader.Open(file);
}
