using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.PS.Hosting;
using AtomProNet.QuantumEspresso.Outputs;
using AtomProNet.Structures;

namespace AtomProNet.PS.QuantumEspresso;

/// <summary>Import-QEOutput: the frames of Quantum ESPRESSO's pw.x.</summary>
[Cmdlet(VerbsData.Import, "QEOutput", DefaultParameterSetName = "Path", HelpUri = HelpPages.Root + "Import-QEOutput.md")]
[OutputType(typeof(Frame))]
public sealed class ImportQEOutputCommand : ImportFrameCommand
{
    private protected override string WantedNames => "the standard output of pw.x as *.out, *.pwo, *.pwout or *.log, data-file-schema.xml";

    private protected override bool IsWanted(string fileName) => PwFileNames.IsOutputName(fileName);

    // A folder holds outputs of other programs under the same names, too.
    private protected override bool Holds(string file)
    {
        try
        {
            return PwFileNames.IsOutput(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    private protected override IFrameReader Open(string file) => PwFileNames.OpenReader(file);
}
