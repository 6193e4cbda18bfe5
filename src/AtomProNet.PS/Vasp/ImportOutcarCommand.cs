using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.Structures;
using AtomProNet.Vasp.Outputs;

namespace AtomProNet.PS.Vasp;

/// <summary>Import-Outcar: the frames of VASP's OUTCAR files.</summary>
[Cmdlet(VerbsData.Import, "Outcar", DefaultParameterSetName = "Path", HelpUri = HelpPages.Root + "Import-Outcar.md")]
[OutputType(typeof(Frame))]
public sealed class ImportOutcarCommand : ImportFrameCommand
{
    /// <summary>Lets frames of a machine-learned force field (ML_FF) through; they stay marked.</summary>
    [Parameter]
    public SwitchParameter IncludeMachineLearned { get; set; }

    private protected override FrameSelection Selection => new(IonicStep, IncludeUnconverged, IncludeMachineLearned);

    private protected override string WantedNames => "OUTCAR";

    private protected override bool IsWanted(string fileName) => VaspFileNames.IsOutcar(fileName);

    private protected override IFrameReader Open(string file) => OutcarReader.Open(file);
}
