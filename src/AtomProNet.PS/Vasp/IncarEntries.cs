using System.Collections;
using System.Management.Automation;
using AtomProNet.Calculations;
using AtomProNet.PS.Calculations;
using AtomProNet.Vasp.Inputs;

namespace AtomProNet.PS.Vasp;

/// <summary>INCAR keys as users give them: tables such as @{ENCUT=600}, or text as in an INCAR, such as ENCUT=600.</summary>
internal static class IncarEntries
{
    /// <summary>The keys in their order; a value that is null takes its key out.</summary>
    /// <param name="given">Tables and texts, in any order.</param>
    /// <param name="findings">Where doubts about texts go: a key that stands twice.</param>
    /// <exception cref="AtomProNetException">One of them is neither.</exception>
    public static IEnumerable<KeyValuePair<string, IncarValue?>> Read(IEnumerable<object?> given, ICollection<Finding> findings)
    {
        foreach (object? item in given)
        {
            switch (item is PSObject wrapped ? wrapped.BaseObject : item)
            {
                case IDictionary table:
                    foreach (KeyValuePair<string, object?> entry in NewDftInputCommand.Ordered(table))
                    {
                        yield return new(entry.Key, entry.Value is null ? null : IncarValue.From(entry.Value));
                    }

                    break;
                case string text:
                    var found = new List<Finding>();
                    Incar incar = IncarReader.Read(text, "-Incar", found);
                    if (found.Find(finding => finding.Code is "IncarLineIgnored" or "IncarValueMissing" or "IncarKeyInValue") is not null || incar.Count == 0)
                    {
                        throw Unreadable(text);
                    }

                    found.ForEach(findings.Add);
                    foreach (KeyValuePair<string, IncarValue> entry in incar)
                    {
                        yield return new(entry.Key, entry.Value);
                    }

                    break;
                case var other:
                    throw Unreadable(other);
            }
        }
    }

    private static AtomProNetException Unreadable(object? value) =>
        new(ErrorKind.InvalidArgument, "IncarEntryInvalid", "This is neither a table of INCAR keys nor KEY=value.", value: value?.ToString() ?? "$null", remedy: "Write -Incar @{ENCUT=600; LREAL='Auto'} or -Incar ENCUT=600,LREAL=Auto.");
}
