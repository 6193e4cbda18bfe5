using System.Management.Automation;
using AtomProNet.Cli.Binding;
using AtomProNet.Cli.Shell;

namespace AtomProNet.Cli.Running;

/// <summary>Decides whether a step of a command is done: -WhatIf, -Confirm, the cmdlet's impact, and what the user answered before.</summary>
internal sealed class Confirmation(ICommandRuntime command, IPipelineSink sink, ConfirmImpact impact, CommonParameters common)
{
    private bool _yesToAll;
    private bool _noToAll;

    public bool ShouldProcess(string description, string warning, string caption, out ShouldProcessReason reason)
    {
        reason = ShouldProcessReason.None;
        if (common.WhatIf)
        {
            reason = ShouldProcessReason.WhatIf;
            sink.WhatIf($"What if: {description}");
            return false;
        }

        var asks = common.Confirm?.IsPresent ?? impact == ConfirmImpact.High;
        if (asks && !ShouldContinue($"{warning}", caption, ref _yesToAll, ref _noToAll))
        {
            return false;
        }

        command.WriteVerbose(description);
        return true;
    }

    public bool ShouldContinue(string query, string caption, ref bool yesToAll, ref bool noToAll)
    {
        if (yesToAll || noToAll)
        {
            return yesToAll;
        }

        switch (sink.Ask(caption, query))
        {
            case Answer.YesToAll:
                yesToAll = true;
                return true;
            case Answer.Yes:
                return true;
            case Answer.NoToAll:
                noToAll = true;
                return false;
            case Answer.No:
                return false;
            default:
                throw command.Terminate(new ErrorRecord(
                    new RuntimeException($"{query} This must be confirmed, and nobody can be asked here: add -Confirm:$false (or -Force, where the cmdlet has it) if you mean it."),
                    "ConfirmationNotPossible", ErrorCategory.InvalidOperation, null));
        }
    }
}
