using Vorel.Core.Crm.Connections;
using Vorel.Core.Incidents;
using Vorel.Core.Records;
using Vorel.Core.Redrives;
using Vorel.Core.Tests.Model;

namespace Vorel.Core.Tests.MirrorModel;

/// <summary>The steps of histories of mirror and retention.</summary>
internal abstract record MirrorCommand : Step<MirrorStage>
{
    private static IReadOnlyList<Kept> Of(MirrorStage stage, params IReadOnlyList<string> kinds) =>
        [.. stage.Records.All.Where(record => kinds.Contains(record.Kind) && !record.IsGone).Reverse()];

    /// <summary>A command that begins or resumes an operation.</summary>
    internal abstract record Operation(Course Course, int Process) : MirrorCommand
    {
        public override IEnumerable<Step<MirrorStage>> Simpler()
        {
            if (Course != Course.Whole)
            {
                yield return this with { Course = Course.Whole };
            }

            if (Process != 0)
            {
                yield return this with { Process = 0 };
            }
        }
    }

    /// <summary>One of a few customers, who comes back.</summary>
    internal sealed record Converse(int Tenant, int Customer, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) =>
            stage.Create(Tenant, RecordKinds.Conversation, $"\"channel\":\"voice\",\"customer_identifier\":\"customer-{Customer}\",", Process, Course);
    }

    internal sealed record AddCustomer(int Tenant, int Customer, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => stage.Create(Tenant, RecordKinds.Customer, $"\"external_id\":\"customer-{Customer}\",", Process, Course);
    }

    internal sealed record AddLead(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => Pick(stage, Of(stage, "conversation"), Pick, conversation =>
            stage.Create(conversation.Tenant, RecordKinds.Lead, $"\"conversation_id\":\"{conversation.Id:D}\",", Process, Course));
    }

    internal sealed record Change(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) =>
            Pick(stage, Of(stage, "conversation", "lead", "customer"), Pick, record => stage.Change(record, "", Process, Course));
    }

    internal sealed record Append(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => Pick(stage, Of(stage, "conversation"), Pick, conversation => stage.Append(conversation, Process, Course));
    }

    internal sealed record Close(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => Pick(stage, Of(stage, "conversation"), Pick, conversation => stage.Close(conversation, Process, Course));
    }

    internal sealed record Message(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) =>
            Pick(stage, [.. Enumerable.Range(0, stage.Visible.Count)], Pick, index => stage.Handle(index, Process, Course));
    }

    internal sealed record Work(int Pick, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => Pick(stage, stage.Ready, Pick, instance => stage.Call(instance, Process, Course));
    }

    /// <summary>An activity that is under way is called a second time; one that is not is held up first.</summary>
    internal sealed record Double(int Pick, int Calls, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) =>
            Pick(stage, [.. stage.Hub.Running.Where(instance => instance.UnderWay.Count > 0).Concat(stage.Ready)], Pick, instance => stage.CallTwice(instance, Calls, Process, Course));
    }

    internal sealed record Tick(Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => stage.Tick(Process, Course);
    }

    internal sealed record Sweep(Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => stage.Sweep(Process, Course);
    }

    /// <summary>An operation that stands still goes on.</summary>
    internal sealed record Resume(int Pick, Course Course) : Operation(Course, 0)
    {
        public override void Play(MirrorStage stage) => Pick(stage, stage.Flights, Pick, flight => stage.Resume(flight, Course));
    }

    /// <summary>Every visible message is handled and every orchestration that is ready goes some steps, oldest first.</summary>
    internal sealed record Proceed(int Process, int Times) : MirrorCommand
    {
        public override void Play(MirrorStage stage)
        {
            for (var time = 0; time < Times; time++)
            {
                stage.Proceed(Process);
            }
        }
    }

    /// <summary>Everything goes on for some minutes, and nothing is mended.</summary>
    internal sealed record Lull : MirrorCommand
    {
        public override void Play(MirrorStage stage) => stage.Lull();
    }

    /// <summary>A system is replaced between a write to it and what comes of its answer.</summary>
    internal sealed record Overtake(int Number, int Calls, int System) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => Pick(stage, stage.Ready, Number, instance =>
        {
            var others = stage.Flights.Count;
            stage.Call(instance, 0, new Course(Calls, Fate.HeldAfter));
            stage.Connect(instance.Tenant, System, CrmRole.Main, 1, Course.Whole);
            if (stage.Flights.Count > others)
            {
                stage.Resume(stage.Flights[^1], Fate.Works);
            }
        });
    }

    /// <summary>A change and a sweep of one record meet.</summary>
    internal sealed record Race(int Pick, int Calls, int SweepCalls) : MirrorCommand
    {
        public override void Play(MirrorStage stage) =>
            Pick(stage, [.. Of(stage, "conversation", "lead", "customer").Where(record => record.End > stage.Domain.GetUtcNow())], Pick, record => stage.Race(record, Calls, SweepCalls));
    }

    internal sealed record LoseInstance(int Pick) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => Pick(stage, stage.Hub.Running, Pick, stage.Lose);
    }

    internal sealed record LandLate(int Pick) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => Pick(stage, [.. Enumerable.Range(0, stage.Gate.Late.Count)], Pick, stage.Gate.Land);
    }

    internal sealed record KillProcess(int Process) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => stage.Kill(Process);
    }

    /// <summary>The clocks move, together or apart; only the domain clock may go back.</summary>
    internal sealed record Clocks(TimeSpan Domain, TimeSpan Real) : MirrorCommand
    {
        public override void Play(MirrorStage stage)
        {
            stage.Tally.Count(Domain < TimeSpan.Zero ? "the domain clock went back" : Domain == Real ? "the clocks moved together" : "one clock moved alone");
            stage.Move(Domain, Real);
        }
    }

    /// <summary>A system is connected in place of whatever was, or the same anew.</summary>
    internal sealed record Connect(int Tenant, int System, CrmRole Role, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => stage.Connect(Tenant, System, Role, Process, Course);
    }

    internal sealed record Disconnect(int Tenant, CrmRole Role, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage) => stage.Disconnect(Tenant, Role, Process, Course);
    }

    /// <summary>What a tenant's CRM is owed is taken up: all, what belongs to an incident, or one record.</summary>
    internal sealed record Redrive(int Tenant, int Scope, int Number, Course Course, int Process) : Operation(Course, Process)
    {
        public override void Play(MirrorStage stage)
        {
            if (Scope > 0)
            {
                stage.Redrive(Tenant, Scope == 1 ? new RedriveScope.Tenant() : new RedriveScope.Incident((IncidentType)(Scope - 2)), Process, Course);
                return;
            }

            Pick(stage, Of(stage, "conversation", "lead", "customer"), Number, record => stage.Redrive(
                record.Tenant,
                new RedriveScope.Record(RecordKinds.Find(record.Kind == "conversation" && Number % 2 == 0 ? "message" : record.Kind)!, record.Id),
                Process,
                Course));
        }
    }

    internal sealed record Fails(int Tenant, int System, IReadOnlyList<StandIn.Answer> Answers) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => stage.Systems.Of(Tenant, System).Script(Answers);

        public override IEnumerable<Step<MirrorStage>> Simpler() => Answers.Count == 0 ? [] : [this with { Answers = [.. Answers.Skip(1)] }];

        public override string ToString() => $"Fails {{ Tenant = {Tenant}, System = {System}, Answers = {string.Join(' ', Answers)} }}";
    }

    /// <summary>A system goes away, or comes back.</summary>
    internal sealed record Away(int Tenant, int System, bool IsAway) : MirrorCommand
    {
        public override void Play(MirrorStage stage) => stage.Systems.Of(Tenant, System).IsAway = IsAway;
    }
}
