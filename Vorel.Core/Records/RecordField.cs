namespace Vorel.Core.Records;

/// <summary>One field of a kind of record, as data: validation, storage, rendering and the CRM's field list read the same.</summary>
public sealed record RecordField(string Name, FieldType Type)
{
    /// <summary>A create must name it.</summary>
    public bool Required { get; init; }

    /// <summary>It may be null; a PATCH with null clears it.</summary>
    public bool Nullable { get; init; }

    /// <summary>A create may name it.</summary>
    public bool Creatable { get; init; } = true;

    /// <summary>A PATCH may name it.</summary>
    public bool Updatable { get; init; }

    /// <summary>We change it, though no request may.</summary>
    public bool Ours { get; init; }

    /// <summary>The CRM is told. What it is not told follows from what it gets by other ways.</summary>
    public bool Mirrored { get; init; } = true;

    /// <summary>It is part of what GET and events show.</summary>
    public bool Readable { get; init; } = true;

    /// <summary>When it is null, GET and events leave it out instead of showing null.</summary>
    public bool OmittedWhenNull { get; init; }

    /// <summary>The least number of code points of a text.</summary>
    public int MinLength { get; init; }

    /// <summary>The greatest number of code points of a text.</summary>
    public int MaxLength { get; init; }

    /// <summary>The least integer.</summary>
    public long Min { get; init; }

    /// <summary>The greatest integer.</summary>
    public long Max { get; init; }

    /// <summary>The words of a choice, and those that a language may be besides.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>What a reference points to: the name of a kind.</summary>
    public string? Refers { get; init; }

    /// <summary>What a create that leaves it out gets; null is null.</summary>
    public object? Default { get; init; }
}
