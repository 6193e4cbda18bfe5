using System.Collections;
using System.Management.Automation.Language;

namespace System.Management.Automation
{
    /// <summary>Names what completes a parameter's value. The CLI completes nothing; tests call the completer.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public sealed class ArgumentCompleterAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }

    /// <summary>Proposes values for a parameter.</summary>
    public interface IArgumentCompleter
    {
        IEnumerable<CompletionResult> CompleteArgument(string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters);
    }

    /// <summary>What a proposal is.</summary>
    public enum CompletionResultType
    {
        Text = 0,
        ParameterValue = 8,
    }

    /// <summary>One proposal.</summary>
    public sealed class CompletionResult(string completionText, string listItemText, CompletionResultType resultType, string toolTip)
    {
        public CompletionResult(string completionText)
            : this(completionText, completionText, CompletionResultType.Text, completionText)
        {
        }

        public string CompletionText { get; } = completionText;

        public string ListItemText { get; } = listItemText;

        public CompletionResultType ResultType { get; } = resultType;

        public string ToolTip { get; } = toolTip;
    }
}

namespace System.Management.Automation.Language
{
    /// <summary>PowerShell's parsed command; a completer takes it and lets it lie.</summary>
    public sealed class CommandAst;
}
