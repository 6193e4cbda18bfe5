#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

Describe 'New-ImportJob' {
    $calls = @{
        Cmdlet      = 'New-ImportJob'
        Run         = { param($With, $Place) New-ImportJob /scratch/runs /scratch/set.extxyz $Place.Fresh() -Shards 2 @With }
        ByParameter = { param($With, $Place) New-ImportJob -SourcePath /scratch/runs -OutputPath /scratch/set.extxyz -Destination $Place.Fresh() -Shards 2 @With }
        Fail        = { param($With, $Place) New-ImportJob runs /scratch/set.extxyz $Place.Fresh() @With }
        FailId      = 'RemotePathNotAbsolute'
    }
    . "$PSScriptRoot/CmdletManners.ps1" @calls

    It 'makes jobs that share the tree, and one that merges' {
        $jobs = New-ImportJob /scratch/runs /scratch/set.extxyz (Join-Path $TestDrive 'import') -Shards 3
        $jobs.Kind | Should -Be Shard, Shard, Shard, Merge
        foreach ($job in $jobs) { Join-Path $job.FolderPath 'job.sh' | Should -Exist }
    }
}
