namespace System.Management.Automation;

/// <summary>Whether an activity goes on.</summary>
public enum ProgressRecordType
{
    Processing,
    Completed,
}

/// <summary>How far an activity has come.</summary>
public class ProgressRecord(int activityId, string activity, string statusDescription)
{
    public int ActivityId { get; } = activityId;

    public int ParentActivityId { get; set; } = -1;

    public string Activity { get; set; } = activity;

    public string StatusDescription { get; set; } = statusDescription;

    public string? CurrentOperation { get; set; }

    /// <summary>0 to 100, or −1 where it is not known.</summary>
    public int PercentComplete { get; set; } = -1;

    public int SecondsRemaining { get; set; } = -1;

    public ProgressRecordType RecordType { get; set; }
}

/// <summary>Something told beside the output.</summary>
public class InformationRecord(object messageData, string source, string[]? tags = null)
{
    public object MessageData { get; } = messageData;

    public string Source { get; } = source;

    public List<string> Tags { get; } = [.. tags ?? []];

    public override string? ToString() => MessageData.ToString();
}
